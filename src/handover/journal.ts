import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { LookalikeError } from "../core/index.ts";
import { type Lock, lockFile } from "../io/file-lock.ts";
import { reason } from "../io/files.ts";
import { removeLeftovers } from "../io/scratch.ts";
import type { Vault } from "../trust/index.ts";
import { openDecisionLog, readDecisions } from "./decisions/log.ts";
import { runFiles } from "./run-folder.ts";
import type { Decision } from "./types.ts";

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
export async function openJournal(
  out: string,
  fingerprint: string,
  vault: Vault | null = null,
): Promise<Journal> {
  const lock = await lockRun(out);
  try {
    const { partial: path, decisions } = runFiles(out);
    await removeLeftovers(out, { deep: existsSync(path) });
    let log = await openDecisionLog({ path, fingerprint, vault });
    if (log.kept > 0 && !(await hasAllCreatives(path, out, vault))) {
      await log.close();
      await rm(path, { force: true });
      log = await openDecisionLog({ path, fingerprint, vault });
    }
    const { kept } = log;
    return {
      earlier: () => (kept === 0 ? nothing() : readDecisions(path, vault)),
      append: (decision) => log.write(decision),
      async finish() {
        await log.close();
        await publish(path, decisions);
        lock.release();
      },
      async suspend() {
        await log.close().finally(lock.release);
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Keeps an output folder to one process: whoever generates into it, erases from it or purges it.
 * @throws ERR_RUN_BUSY, ERR_OUTPUT_UNWRITABLE
 */
export async function lockRun(out: string): Promise<Lock> {
  await mkdir(out, { recursive: true }).catch((cause) => {
    throw new LookalikeError("ERR_OUTPUT_UNWRITABLE", `Could not create ${out}: ${reason(cause)}`, {
      hint: "Check that the folder above exists and is writable.",
      cause,
    });
  });
  return lockFile(join(out, ".writer.lock"), {
    what: "a lock",
    corrupt: "ERR_OUTPUT_UNWRITABLE",
    busy: "ERR_RUN_BUSY",
    corruptHint: "Delete the file: something else wrote it.",
  });
}

async function* nothing(): AsyncGenerator<Decision> {}

/** Whether nobody has cleared the creatives away meanwhile. */
async function hasAllCreatives(path: string, out: string, vault: Vault | null): Promise<boolean> {
  const seen = new Set<string>();
  for await (const { creatives } of readDecisions(path, vault)) {
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
