import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { throwIfAborted } from "../../core/index.ts";
import { openJournal } from "../../handover/index.ts";
import type { RowReport } from "../../tables/index.ts";
import type { AuditLog, ConsentRegistry, Vault } from "../../trust/index.ts";
import type { FinishedDecision } from "../drawing/creative.ts";
import { handOver } from "../run/hand-over.ts";
import { createTally } from "../run/tally.ts";
import type { Campaign, GenerateReport } from "../types.ts";

export interface AssembleOptions {
  readonly campaign: Campaign;
  /** The output folder, with the creatives already in it. */
  readonly out: string;
  readonly fingerprint: string;
  /** Decisions in the order of the customers' file. */
  readonly decisions: AsyncIterable<FinishedDecision>;
  /** The report on the customers' rows, and the offers. */
  readonly rows: RowReport;
  readonly total: number;
  readonly unjudgedOffers: readonly string[];
  /** When the run began. */
  readonly at: Date;
  readonly consents: ConsentRegistry | null;
  readonly audit: AuditLog | null;
  readonly vault: Vault | null;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes the run folder of decisions that were made elsewhere, in the form of `generateAds`. People who were
 * erased meanwhile are left out.
 *
 * @throws ERR_OUTPUT_UNWRITABLE, ERR_RUN_BUSY, ERR_ABORTED
 */
export async function assembleRun(options: AssembleOptions): Promise<GenerateReport> {
  const { campaign, out, at, consents, audit, vault, rows, signal } = options;
  const tally = createTally();
  tally.settle({
    total: options.total,
    unjudgedOffers: options.unjudgedOffers,
    isSelection: false,
    rowsNow: () => rows,
  });
  // A unique fingerprint: nothing of a killed attempt is reused, because all decisions are written again.
  const fingerprint = `${options.fingerprint} ${randomUUID()}`;
  const journal = await openJournal({ out, fingerprint, vault });
  let finished = false;
  try {
    const detail = { campaign: campaign.name, out: resolve(out), registry: consents?.id ?? null };
    audit?.append("run.start", { detail: { ...detail, resumed: 0 } });
    for await (const { decision, warnings } of options.decisions) {
      throwIfAborted(signal);
      if (consents?.isErased(decision.customer_id)) {
        tally.erased();
        continue;
      }
      await journal.append(decision);
      tally.made(decision);
      tally.warned(warnings);
    }
    await journal.finish();
    finished = true;
  } finally {
    if (!finished) await journal.suspend();
  }
  audit?.append("run.finish", { detail: { decisions: tally.report.decisions } });
  await handOver(out, { campaign, report: tally.report, at, consents, vault });
  return tally.report;
}
