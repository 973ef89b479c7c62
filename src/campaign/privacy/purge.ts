import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Gallery } from "../../gallery/index.ts";
import { lockRun, removeCreatives, runFiles } from "../../handover/index.ts";
import type { AuditLog, ConsentRegistry, Vault } from "../../trust/index.ts";
import type { RetentionDays } from "../types.ts";
import { creativesInUse, endedAt, listFiles, removeDecisions } from "./runs.ts";
import { sweepNetwork } from "./withdraw.ts";

export interface PurgeOptions {
  readonly retention: RetentionDays;
  readonly consents: ConsentRegistry;
  readonly audit: AuditLog;
  /** null: the campaign has none yet. */
  readonly gallery: Gallery | null;
  readonly outs: readonly string[];
  readonly vault?: Vault | null | undefined;
  /** Time of the purge; default: now. */
  readonly at?: Date | undefined;
  /** Whether to only count; default false. */
  readonly dryRun?: boolean | undefined;
}

/** How much of each class was removed, or would be. */
export interface PurgeReport {
  /** Runs whose decisions, exports and proof page were removed. */
  readonly runs: number;
  readonly creatives: number;
  readonly consents: number;
  readonly photos: number;
  readonly auditEntries: number;
}

const DAY_MS = 86_400_000;

/**
 * Removes data that is older than the campaign's retention, class by class. If the process is killed, run it
 * again to complete the purge.
 *
 * @throws ERR_RUN_BUSY, ERR_STORE_BUSY, ERR_GALLERY_BUSY, ERR_OUTPUT_UNWRITABLE
 *
 * @example
 * const { retention } = campaign.privacy;
 * const report = await purgeExpired({ retention, consents, audit, gallery, outs: ["ads"], dryRun: true });
 * console.log(report.runs, report.consents);
 */
export async function purgeExpired(options: PurgeOptions): Promise<PurgeReport> {
  const { retention, consents, audit, at = new Date(), dryRun = false } = options;
  const cutoff = (days: number | null) => (days === null ? null : new Date(at.getTime() - days * DAY_MS));
  const runs = await purgeRuns(options, cutoff(retention.decisions));
  const creatives = await purgeCreatives(options, cutoff(retention.creatives));
  const photos = await purgePhotos(options, cutoff(retention.releases));
  const consentsBefore = cutoff(retention.consents);
  const auditBefore = cutoff(retention.audit);
  const report = {
    runs,
    creatives,
    photos,
    consents: consentsBefore === null ? 0 : consents.purge(consentsBefore, { dryRun }),
    auditEntries: auditBefore === null ? 0 : audit.prune(auditBefore, { dryRun }),
  };
  if (!dryRun) {
    await sweepNetwork({ consents, audit, vault: options.vault, at });
    audit.append("purge", { detail: report });
  }
  return report;
}

async function purgeRuns({ outs, dryRun }: PurgeOptions, before: Date | null): Promise<number> {
  let count = 0;
  for (const out of outs) {
    const ended = await endedAt(out);
    if (before === null || ended === null || ended.getTime() >= before.getTime()) continue;
    count++;
    if (!dryRun) await whileLocked(out, () => removeDecisions(out));
  }
  return count;
}

async function purgeCreatives(options: PurgeOptions, before: Date | null): Promise<number> {
  const { outs, vault = null, dryRun } = options;
  let count = 0;
  for (const out of outs) {
    if (before === null || !existsSync(runFiles(out).creatives)) continue;
    await whileLocked(out, async () => {
      const used = await creativesInUse(out, vault);
      for (const name of await listFiles(runFiles(out).creatives)) {
        const file = `creatives/${name.replaceAll("\\", "/")}`;
        const { mtime } = await stat(join(out, file));
        if (used.has(file) || mtime.getTime() >= before.getTime()) continue;
        count++;
        if (!dryRun) await removeCreatives(out, [file]);
      }
    });
  }
  return count;
}

/** Removes photos whose release expired or was withdrawn before a moment. */
async function purgePhotos({ gallery, dryRun }: PurgeOptions, before: Date | null): Promise<number> {
  if (gallery === null || before === null) return 0;
  const ended: string[] = [];
  for await (const { path, release } of gallery.photos()) {
    const ends = [release?.expires, release?.withdrawn].flatMap((date) =>
      date == null ? [] : [date.getTime()],
    );
    if (Math.min(...ends) < before.getTime()) ended.push(path);
  }
  if (!dryRun) for (const path of ended) await gallery.remove(path);
  return ended.length;
}

async function whileLocked(out: string, work: () => Promise<unknown>): Promise<void> {
  const lock = await lockRun(out);
  try {
    await work();
  } finally {
    lock.release();
  }
}
