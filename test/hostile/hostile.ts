import * as fc from "fast-check";
import { isLookalikeError } from "../../src/core/index.ts";

/** Input that was made to hurt: whatever comes in, what comes out is a result or a coded refusal. */

/** `result`, or the code; anything else is thrown on. */
export async function outcomeOf(action: () => unknown): Promise<string> {
  try {
    await action();
    return "result";
  } catch (error) {
    if (isLookalikeError(error)) return error.code;
    throw error;
  }
}

export const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ unit: fc.constantFrom(..."\"',;\n\r\t\0{}[]:-&*!|>%@`#=+ \u202e\ufeffax1"), maxLength: 200 }),
);

export const runs = (numRuns: number) => ({ seed: 7, numRuns });
