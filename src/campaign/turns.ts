import { throwIfAborted } from "../core/index.ts";
import type { CustomerBatch, CustomerReader } from "../customers/index.ts";

/** A customer of the run. */
export interface Turn {
  /** Of the batch. */
  readonly row: number;
  /** Which of the run's customers it is, from 0; the same however often the customers are read. */
  readonly number: number;
}

export interface Turns {
  readonly batch: CustomerBatch;
  readonly turns: readonly Turn[];
}

/**
 * Whom the run is for, batch by batch, in the order of the customers' file.
 *
 * @param selection ids to keep to, null for everyone; who is met is taken out of it, and reading ends when it is empty
 * @throws ERR_ABORTED
 */
export async function* readTurns(
  reader: CustomerReader,
  selection: Set<string> | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<Turns> {
  let number = 0;
  for await (const batch of reader) {
    throwIfAborted(signal);
    const rows = selectRows(batch, selection);
    yield { batch, turns: rows.map((row) => ({ row, number: number++ })) };
    if (selection?.size === 0) return;
  }
}

function selectRows(batch: CustomerBatch, selection: Set<string> | null): number[] {
  const rows = Array.from({ length: batch.rows }, (_, row) => row);
  return selection === null ? rows : rows.filter((row) => selection.delete(batch.ids[row] ?? ""));
}
