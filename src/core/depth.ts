/** Maximum depth of lists and objects. Parsers are recursive, and a few thousand levels overflow the stack. */
export const MOST_LEVELS = 100;

/** Measures the nesting depth of JSON that arrives in pieces. Brackets inside strings do not count. */
export interface DepthMeter {
  /**
   * Whether the text so far is nested deeper than `MOST_LEVELS`.
   *
   * @param bytes UTF-8, may be cut at any byte
   */
  isTooDeep(bytes: Uint8Array): boolean;
}

const [QUOTE, ESCAPE] = [0x22, 0x5c];
/** Change of depth per byte. */
const STEPS = new Int8Array(256);
STEPS[0x5b] = 1;
STEPS[0x7b] = 1;
STEPS[0x5d] = -1;
STEPS[0x7d] = -1;

export function createDepthMeter(): DepthMeter {
  let depth = 0;
  let isText = false;
  let isEscaped = false;
  /** Inside a string, only the closing quote matters. */
  const readText = (byte: number) => {
    if (isEscaped) isEscaped = false;
    else if (byte === ESCAPE) isEscaped = true;
    else isText = byte !== QUOTE;
  };
  return {
    isTooDeep(bytes) {
      for (const byte of bytes) {
        if (isText) readText(byte);
        else if (byte === QUOTE) isText = true;
        else depth += STEPS[byte] ?? 0;
        if (depth > MOST_LEVELS) return true;
      }
      return false;
    },
  };
}
