import { canonicalId } from "../../core/index.ts";
import type { RowReport } from "../../tables/index.ts";
import { hasBudgets } from "../deciding/budgets.ts";
import { type RunBatch, readRunBatches } from "../deciding/run-batches.ts";
import { fingerprintRun, fingerprintWork } from "../run/fingerprint.ts";
import { prepareRun, type RunParts } from "../run/prepare.ts";

/** A campaign's customers, read once so that other processes can decide for parts of them. */
export interface CustomerSnapshot {
  /** Hash of everything that the run depends on. */
  readonly fingerprint: string;
  /** Hash of everything except the customers; a process that decides for a part must have the same one. */
  readonly workFingerprint: string;
  /** The columns of every batch's table. */
  readonly columns: readonly string[];
  /** Rows of the customers' file, before any is rejected. */
  readonly rows: number;
  /** Whether customers share budgets, so that all must be weighed before the first decision. */
  readonly hasBudgets: boolean;
  readonly unjudgedOffers: readonly string[];
  /** The customers in the order of their file; read them once, to the end. */
  read(): AsyncIterable<RunBatch>;
  /** The report on rejected rows; complete when the customers have been read. */
  readonly report: RowReport;
  close(): Promise<void>;
}

/**
 * Checks a run as `generateAds` does and opens its customers.
 *
 * @throws as starting a run
 */
export async function openSnapshot(parts: RunParts): Promise<CustomerSnapshot> {
  const prepared = await prepareRun(parts);
  try {
    const { campaign, gallery, model, engine, signal, consents = null } = parts;
    const workFingerprint = await fingerprintWork({ campaign, gallery, model, engine });
    const run = { campaign, gallery, model: prepared.model, engine, selection: null };
    return {
      fingerprint: await fingerprintRun({ ...run, consents: consents?.version ?? null }),
      workFingerprint,
      columns: prepared.reader.features,
      rows: prepared.reader.rows,
      hasBudgets: hasBudgets(campaign),
      unjudgedOffers: prepared.unjudgedOffers,
      read: () => withoutErased(readRunBatches(prepared.reader, null, signal), consents),
      get report() {
        return prepared.reader.report;
      },
      close: () => prepared.close(),
    };
  } catch (error) {
    await prepared.close();
    throw error;
  }
}

/** Leaves out the rows of erased people; the others keep their numbers. */
async function* withoutErased(
  batches: AsyncIterable<RunBatch>,
  consents: RunParts["consents"],
): AsyncGenerator<RunBatch> {
  for await (const { batch, members } of batches) {
    const erased = consents?.erasedAmong(batch.ids.map(canonicalId)) ?? new Set();
    yield { batch, members: members.filter(({ row }) => !erased.has(canonicalId(batch.ids[row] ?? ""))) };
  }
}
