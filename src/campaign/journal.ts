import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Decision, openDecisionLog, readDecisions } from "../ads/index.ts";
import { LookalikeError } from "../errors.ts";
import { reason } from "../files.ts";

/** Where a finished run's decisions are, in the output folder. */
export const DECISIONS_FILE = "decisions.jsonl";
const PARTIAL_FILE = ".decisions.partial.jsonl";

/**
 * A run's decisions, in a log that gets its final name only when the run is whole: what is in `decisions.jsonl` is
 * never half a run. A run that was interrupted, or killed, leaves its log behind, and the next run with the same
 * fingerprint goes on after it; a finished run does not, because consent may have ended since.
 */
export interface Journal {
  /** What an earlier run left, in order. Read it to its end before appending. */
  earlier(): AsyncIterable<Decision>;
  append(decision: Decision): Promise<void>;
  /** Gives the log its final name. */
  finish(): Promise<void>;
  /** Keeps the log for the next run. */
  suspend(): Promise<void>;
}

/**
 * @param out the output folder, to which the creatives' paths are relative
 * @param fingerprint of everything that the decisions depend on
 * @throws ERR_OUTPUT_UNWRITABLE
 */
export async function openJournal(out: string, fingerprint: string): Promise<Journal> {
  const path = join(out, PARTIAL_FILE);
  let log = await openDecisionLog({ path, fingerprint });
  if (log.kept > 0 && !(await hasAllCreatives(path, out))) {
    await log.close();
    await rm(path, { force: true });
    log = await openDecisionLog({ path, fingerprint });
  }
  const { kept } = log;
  return {
    earlier: () => (kept === 0 ? nothing() : readDecisions(path)),
    append: (decision) => log.write(decision),
    async finish() {
      await log.close();
      await publish(path, join(out, DECISIONS_FILE));
    },
    suspend: () => log.close(),
  };
}

async function* nothing(): AsyncGenerator<Decision> {}

/** Whether nobody has cleared the creatives away meanwhile. */
async function hasAllCreatives(path: string, out: string): Promise<boolean> {
  const seen = new Set<string>();
  for await (const { creatives } of readDecisions(path)) {
    for (const { file } of creatives) {
      if (seen.has(file)) continue;
      if (!existsSync(join(out, file))) return false;
      seen.add(file);
    }
  }
  return true;
}

async function publish(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
    await rm(`${from}.fingerprint`, { force: true });
  } catch (cause) {
    throw new LookalikeError("ERR_OUTPUT_UNWRITABLE", `Could not write ${to}: ${reason(cause)}`, {
      hint: "Check that the folder is writable and has free space.",
      cause,
    });
  }
}
