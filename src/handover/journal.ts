import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Lock, lockFile } from "../io/file-lock.ts";
import { makeFolder, syncFolder, writable } from "../io/files.ts";
import { removeLeftovers } from "../io/scratch.ts";
import type { Vault } from "../trust/index.ts";
import { type DecisionLog, openDecisionLog, readDecisions } from "./decisions/log.ts";
import { mergeDecisions } from "./decisions/rewrite.ts";
import { fingerprintFile, runFiles } from "./run-folder.ts";
import type { Decision } from "./types.ts";

/**
 * A run's decisions, in a log that gets its final name only when the run is complete: `decisions.jsonl` never
 * contains half a run. An interrupted or killed run leaves its log behind, and the next run with the same
 * fingerprint resumes after it; a finished run is not resumed, because consents may have ended since.
 */
export interface Journal {
  /** The decisions of an earlier run, in order. Read all of them before appending. */
  earlier(): AsyncIterable<Decision>;
  append(decision: Decision): Promise<void>;
  /** Gives the log its final name. */
  finish(): Promise<void>;
  /** Keeps the log for the next run. */
  suspend(): Promise<void>;
}

export interface JournalOptions {
  /** The output folder, to which the creatives' paths are relative. */
  readonly out: string;
  /** Hash of everything that the decisions depend on. */
  readonly fingerprint: string;
  /** Encrypts the decisions; default: they are in plain text. */
  readonly vault?: Vault | null | undefined;
  /**
   * Whether the decisions are merged into the finished run of the folder, if there is one; default: they
   * replace it.
   */
  readonly isPartOfRun?: boolean | undefined;
}

/** @throws ERR_OUTPUT_UNWRITABLE, ERR_RUN_BUSY */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { out, fingerprint, vault = null, isPartOfRun = false } = options;
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
        await publish(log, { path, target: decisions, vault, isPartOfRun });
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
 * Locks an output folder for one process that generates, erases or purges.
 * @throws ERR_RUN_BUSY, ERR_OUTPUT_UNWRITABLE
 */
export async function lockRun(out: string): Promise<Lock> {
  await makeFolder(out);
  return lockFile(runFiles(out).lock, {
    what: "a lock",
    corrupt: "ERR_OUTPUT_UNWRITABLE",
    busy: "ERR_RUN_BUSY",
    corruptHint: "Delete the file: something else wrote it.",
  });
}

async function* nothing(): AsyncGenerator<Decision> {}

/** Whether the creatives still exist. */
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

interface Publication {
  readonly path: string;
  readonly target: string;
  readonly vault: Vault | null;
  readonly isPartOfRun: boolean;
}

async function publish(log: DecisionLog, { path, target, vault, isPartOfRun }: Publication): Promise<void> {
  const isMerged = isPartOfRun && existsSync(target);
  if (!isMerged) await log.end();
  await log.close();
  if (isMerged) await mergeDecisions(target, path, vault);
  await writable(target, async () => {
    if (!isMerged) await rename(path, target);
    await rm(fingerprintFile(path), { force: true });
    await syncFolder(dirname(target));
  });
}
