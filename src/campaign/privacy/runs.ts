import { existsSync } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { CreativeOrigin } from "../../ads/index.ts";
import {
  type Decision,
  dropCutLine,
  hasRecords,
  listCreatives,
  lockRun,
  openRecords,
  readAllDecisions,
  removeCreatives,
  removeExports,
  rewriteDecisions,
  runFiles,
  writeProof,
} from "../../handover/index.ts";
import { ifThere, listBelow } from "../../io/entries.ts";
import type { Lock } from "../../io/file-lock.ts";
import { syncFolder } from "../../io/files.ts";
import type { Vault } from "../../trust/index.ts";

/** The personal data in an output folder of `generate`. */

/** A change of one decision: returns it unchanged, changed, or null to drop it. */
type Change = (decision: Decision) => Decision | null;

export interface RunErasure {
  readonly decisions: number;
  readonly creatives: number;
  readonly exports: number;
  /** Decisions that the service made, outcomes and exposures. */
  readonly records: number;
}

/** All logs of decisions that a run may have. */
function logsOf(out: string): readonly string[] {
  const { decisions, partial } = runFiles(out);
  return [decisions, partial];
}

const NOTHING: RunErasure = { decisions: 0, creatives: 0, exports: 0, records: 0 };

/** The changes of an erasure to a run. */
export interface RunChange {
  readonly change: Change;
  /**
   * Which unused creatives are removed too: those of earlier runs, of killed runs, or of purged decisions.
   * `null`: the creative's sources are not known.
   */
  readonly isLeftover: (origin: CreativeOrigin | null) => boolean;
  /**
   * Customer whose records are removed, whatever their decisions are; default: only records of changed
   * decisions.
   */
  readonly customerId?: string | undefined;
}

/**
 * Runs work on these folders under their locks: no lock is taken after the work has started.
 * @throws ERR_RUN_BUSY, ERR_OUTPUT_UNWRITABLE
 */
export async function withRuns<T>(outs: readonly string[], work: () => Promise<T>): Promise<T> {
  const locks: Lock[] = [];
  try {
    for (const out of new Set(outs.map((given) => resolve(given)))) {
      if (existsSync(out)) locks.push(await lockRun(out));
    }
    return await work();
  } finally {
    for (const lock of locks) lock.release();
  }
}

/**
 * Changes the decisions of a run, and removes what was made only for the changed ones: their creatives,
 * unless another decision uses them, and every export, because exports identify people in other ways and can
 * be made again. The decisions are written last, so that a killed erasure can be run again. The caller has
 * the run's lock.
 *
 * @throws ERR_OUTPUT_UNWRITABLE, ERR_KEY_REQUIRED, ERR_KEY_WRONG
 */
export async function changeRun(
  out: string,
  vault: Vault | null,
  { change, isLeftover, customerId }: RunChange,
): Promise<RunErasure> {
  if (!existsSync(out)) return NOTHING;
  await sweep(out);
  await dropCutLine(runFiles(out).partial);
  // Exports may come from an earlier run, so the current decisions do not show which customers they contain.
  const exports = await removeExports(out);
  const { affected, orphaned, used } = await survey(out, vault, change);
  const all = await listCreatives(out);
  const leftovers = all.filter(({ file, origin }) => !used.has(file) && isLeftover(origin));
  const gone = new Set([...orphaned, ...leftovers.map(({ file }) => file)]);
  if (affected > 0) await rm(runFiles(out).proof, { force: true });
  await removeCreatives(out, gone);
  const records = changeRecords(out, vault, change, customerId);
  let decisions = 0;
  for (const path of affected > 0 ? logsOf(out) : []) {
    const { changed, dropped } = await rewriteDecisions(path, vault, change);
    decisions += changed + dropped;
  }
  // An erasure that was killed after its last decision may not have written the page.
  if (!existsSync(runFiles(out).proof)) await rebuildProof(out, vault);
  return { decisions, creatives: gone.size, exports, records };
}

/** Whether any decision of a run shows one of these photos. */
export async function showsPhoto(
  out: string,
  vault: Vault | null,
  paths: ReadonlySet<string>,
): Promise<boolean> {
  for await (const { photo, assignment } of readAllDecisions(out, vault)) {
    const named = [photo?.path, assignment?.would_be.photo];
    if (named.some((file) => file != null && paths.has(file))) return true;
  }
  return false;
}

/** The creatives in use by decisions, including those of the service. */
export async function creativesInUse(out: string, vault: Vault | null): Promise<Set<string>> {
  const used = new Set<string>();
  for await (const { creatives } of readAllDecisions(out, vault)) {
    for (const { file } of creatives) used.add(file);
  }
  return used;
}

/** @returns number of removed rows; changed decisions are made again on request */
function changeRecords(
  out: string,
  vault: Vault | null,
  change: Change,
  customerId: string | undefined,
): number {
  if (!hasRecords(out)) return 0;
  const records = openRecords(out, { vault });
  try {
    const changed = [...records.allServed()].filter(({ decision }) => change(decision) !== decision);
    const others = changed.filter((served) => served.customerId !== customerId);
    records.dropServed(others.map((served) => served.customerId));
    return others.length + (customerId === undefined ? 0 : records.erase(customerId));
  } finally {
    records.close();
  }
}

/**
 * Removes decisions with all derived files; the creatives stay.
 *
 * @returns the number of removed files
 */
export async function removeDecisions(out: string): Promise<number> {
  const { fingerprint, records, proof } = runFiles(out);
  const stores = ["", "-wal", "-shm"].map((ending) => `${records}${ending}`);
  const present = [...logsOf(out), fingerprint, ...stores].filter((path) => existsSync(path));
  const exports = await removeExports(out);
  await rm(proof, { force: true });
  for (const path of present) await rm(path, { force: true });
  await syncFolder(out);
  return present.length + exports;
}

/** Files below a folder, relative to it; empty if there is no such folder. @throws ERR_OUTPUT_UNWRITABLE */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await listBelow(folder);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/**
 * When a run ended: the older of its decisions and its manifest, because an erasure or a new key rewrites the decisions.
 * Of a run that was killed, when it was last written; null: the folder has no decisions.
 */
export async function endedAt(out: string): Promise<Date | null> {
  const { decisions, manifest, partial } = runFiles(out);
  const finished = await modifiedAt(decisions);
  if (finished === null) return modifiedAt(partial);
  const written = await modifiedAt(manifest);
  return written === null || finished < written ? finished : written;
}

async function modifiedAt(path: string): Promise<Date | null> {
  return (await ifThere(path, stat, null))?.mtime ?? null;
}

async function survey(
  out: string,
  vault: Vault | null,
  change: Change,
): Promise<{
  readonly affected: number;
  readonly orphaned: ReadonlySet<string>;
  /** Creatives in use by the remaining decisions. */
  readonly used: ReadonlySet<string>;
}> {
  let affected = 0;
  const before = new Set<string>();
  const after = new Set<string>();
  for await (const decision of readAllDecisions(out, vault)) {
    const result = change(decision);
    if (result !== decision) {
      affected++;
      for (const { file } of decision.creatives) before.add(file);
    }
    for (const { file } of result?.creatives ?? []) after.add(file);
  }
  return { affected, orphaned: new Set([...before].filter((file) => !after.has(file))), used: after };
}

/** Writes the proof page of a finished run again from the remaining creatives. */
async function rebuildProof(out: string, vault: Vault | null): Promise<void> {
  const { decisions, manifest } = runFiles(out);
  if (!existsSync(decisions) || !existsSync(manifest)) return;
  await writeProof(out, { vault });
}

/** Removes partial files, which may contain any customer; a running export then fails. */
async function sweep(out: string): Promise<void> {
  for (const name of await listFiles(out)) {
    if (/(^|[\\/])\.[^\\/]+\.[0-9a-f]{12}\.tmp$|\.rewrite$/.test(name))
      await rm(join(out, name), { force: true });
  }
}
