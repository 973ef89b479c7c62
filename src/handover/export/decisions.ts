import { isLookalikeError, LookalikeError } from "../../core/index.ts";
import { reason } from "../../io/files.ts";
import type { Vault } from "../../trust/index.ts";
import { readDecisions } from "../decisions/log.ts";
import { runFiles } from "../run-folder.ts";
import type { Decision } from "../types.ts";

/**
 * Reads a finished run's decisions in batches, never all into memory.
 *
 * @throws ERR_KEY_REQUIRED, ERR_KEY_WRONG
 * @throws ERR_RUN_UNREADABLE the file is missing, or a line of it is not a decision
 */
export async function* decisionBatches(
  out: string,
  size: number,
  vault: Vault | null = null,
): AsyncGenerator<readonly Decision[]> {
  const path = runFiles(out).decisions;
  let batch: Decision[] = [];
  try {
    for await (const decision of readDecisions(path, vault)) {
      batch.push(decision);
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
  } catch (cause) {
    if (isLookalikeError(cause)) throw cause;
    throw new LookalikeError("ERR_RUN_UNREADABLE", `Could not read ${path}: ${reason(cause)}`, {
      hint: "Pass the folder of a finished `lookalike generate --out`, or generate again.",
      cause,
    });
  }
  if (batch.length > 0) yield batch;
}
