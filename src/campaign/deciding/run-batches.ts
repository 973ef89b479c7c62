import { throwIfAborted } from "../../core/index.ts";
import type { CustomerBatch, CustomerReader } from "../../customers/index.ts";

/** A customer of the run. */
interface RunCustomer {
  /** Row of the batch, from 0. */
  readonly row: number;
  /** Number within the run, from 0; the same each time the customers are read. */
  readonly number: number;
}

/** Customers of the run that were read together. */
export interface RunBatch {
  readonly batch: CustomerBatch;
  readonly members: readonly RunCustomer[];
}

/**
 * Reads the customers of a run, batch by batch, in the order of the customers' file.
 *
 * @param selection ids to keep, null for all customers; reading ends when all were found
 * @param onFound called with each id of the selection that was found
 * @throws ERR_ABORTED
 */
export async function* readRunBatches(
  reader: CustomerReader,
  selection: ReadonlySet<string> | null,
  signal: AbortSignal | undefined,
  onFound: (id: string) => void = () => {},
): AsyncGenerator<RunBatch> {
  const left = selection && new Set(selection);
  let number = 0;
  for await (const batch of reader) {
    throwIfAborted(signal);
    const rows = Array.from({ length: batch.rows }, (_, row) => row);
    const chosen = left === null ? rows : rows.filter((row) => left.delete(batch.ids[row] ?? ""));
    if (left !== null) for (const row of chosen) onFound(batch.ids[row] ?? "");
    yield { batch, members: chosen.map((row) => ({ row, number: number++ })) };
    if (left?.size === 0) return;
  }
}
