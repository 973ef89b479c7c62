import { createInterface } from "node:readline/promises";
import { escapeText } from "../core/index.ts";
import type { Streams } from "./output.ts";

/**
 * Asks for one line.
 *
 * @param fallback used for an empty answer; shown with the question
 */
export type Ask = (question: string, fallback: string) => Promise<string>;

/** Prompts appear on a terminal only: in scripts, a missing value is an error or a default. */
export function createAsk(
  { stdin, stderr }: Streams,
  { json = false }: { readonly json?: boolean },
  signal: AbortSignal,
): Ask | null {
  if (json || stdin?.isTTY !== true) return null;
  return async (question, fallback) => {
    const lines = createInterface({ input: stdin, output: stderr });
    try {
      const shown = fallback === "" ? "" : ` [${escapeText(fallback)}]`;
      const answer = await lines.question(`${escapeText(question)}${shown}: `, { signal });
      return answer.trim() || fallback;
    } finally {
      lines.close();
    }
  };
}
