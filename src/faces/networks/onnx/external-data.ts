/**
 * Whether an ONNX file refers to weights in other files. The runtime would read them relative to the working
 * directory, and the hash of the model would not cover them.
 *
 * Reads only the messages that can contain a tensor (onnx.proto3 of ONNX 1.16).
 */
export function hasExternalData(model: Uint8Array): boolean {
  try {
    return walk(Buffer.from(model.buffer, model.byteOffset, model.byteLength), "model", 0);
  } catch {
    // Not a protobuf: the runtime reports this itself.
    return false;
  }
}

type Message = "model" | "graph" | "node" | "attribute" | "tensor" | "sparse" | "function";

/** Per message type, the fields with nested messages. */
const INNER: Readonly<Record<Message, Readonly<Record<number, Message>>>> = {
  model: { 7: "graph", 25: "function" },
  graph: { 1: "node", 5: "tensor", 15: "sparse" },
  node: { 5: "attribute" },
  attribute: { 5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse" },
  sparse: { 1: "tensor", 2: "tensor" },
  function: { 7: "node", 11: "attribute" },
  tensor: {},
};

/** `TensorProto.external_data` and `TensorProto.data_location`, of which 1 is EXTERNAL. */
const EXTERNAL_DATA = 13;
const DATA_LOCATION = 14;
/** Limit for nested graphs (loops, conditions). */
const MOST_LEVELS = 100;

function walk(bytes: Buffer, message: Message, level: number): boolean {
  if (level > MOST_LEVELS) throw new RangeError("nested too deeply");
  const inner = INNER[message];
  for (const { field, value, number } of fieldsOf(bytes)) {
    if (message === "tensor" && field === EXTERNAL_DATA) return true;
    if (message === "tensor" && field === DATA_LOCATION && number === 1) return true;
    const next = inner[field];
    if (next !== undefined && value !== null && walk(value, next, level + 1)) return true;
  }
  return false;
}

interface Field {
  readonly field: number;
  /** Value of a length-delimited field. */
  readonly value: Buffer | null;
  /** Value of a varint field. */
  readonly number: number | null;
}

/** @throws RangeError the bytes are not a message */
function* fieldsOf(bytes: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let result = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes.readUInt8(at++);
      result += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return result;
    }
    throw new RangeError("a number of more than ten bytes");
  };
  while (at < bytes.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    const kind = tag % 8;
    if (kind === 0) yield { field, value: null, number: varint() };
    else if (kind === 1) at += 8;
    else if (kind === 5) at += 4;
    else if (kind === 2) {
      const length = varint();
      if (at + length > bytes.length) throw new RangeError("a field ends behind its message");
      yield { field, value: bytes.subarray(at, at + length), number: null };
      at += length;
    } else throw new RangeError(`a field of kind ${kind}`);
  }
}
