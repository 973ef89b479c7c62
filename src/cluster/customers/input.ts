import type { RunBatch } from "../../campaign/index.ts";
import { type Column, categoryColumn, cell, numberColumn } from "../../core/index.ts";
import type { CustomerBatch } from "../../customers/index.ts";
import type { Consent } from "../../trust/index.ts";

/**
 * Customers of a shard as they were read, column by column, so that workers do not read or interpret the file
 * again.
 */
export interface ShardInput {
  /**
   * Number of the first customer within the run, and the number of customers of the shard; erased people have
   * a number but no row.
   */
  readonly first: number;
  readonly count: number;
  /** Number within the run of each row. */
  readonly numbers: readonly number[];
  readonly ids: readonly string[];
  readonly photos: readonly (string | null)[];
  /** Pseudonyms in the audit log; null: no photo, so no entry about the customer is possible. */
  readonly subjects: readonly (string | null)[];
  readonly consents: readonly unknown[];
  readonly columns: readonly InputColumn[];
}

type InputColumn =
  | { readonly name: string; readonly kind: "number"; readonly values: readonly (number | string | null)[] }
  | {
      readonly name: string;
      readonly kind: "category";
      readonly labels: readonly string[];
      readonly codes: readonly number[];
    };

/** Takes some customers of a batch; erased people have no row. */
export function toInput(
  { batch, members }: RunBatch,
  { erased, subjectOf }: { readonly erased: ReadonlySet<string>; readonly subjectOf: (id: string) => string },
): ShardInput {
  const present = members.filter(({ row }) => !erased.has(batch.ids[row] ?? ""));
  const rows = present.map(({ row }) => row);
  return {
    first: members[0]?.number ?? 0,
    count: members.length,
    numbers: present.map(({ number }) => number),
    ids: rows.map((row) => batch.ids[row] ?? ""),
    photos: rows.map((row) => batch.photos[row] ?? null),
    subjects: rows.map((row) => (batch.photos[row] == null ? null : subjectOf(batch.ids[row] ?? ""))),
    consents: rows.map((row) => batch.consents[row] ?? { status: "missing" }),
    columns: [...batch.table.columns].map(([name, column]) => toColumn(name, column, rows)),
  };
}

function toColumn(name: string, column: Column, rows: readonly number[]): InputColumn {
  if (column.kind === "number") {
    return { name, kind: "number", values: rows.map((row) => encodeNumber(column.values[row])) };
  }
  const { labels, codes } = categoryColumn(rows.map((row) => cell(column, row)?.toString() ?? null));
  return { name, kind: "category", labels, codes: [...codes] };
}

/** JSON has neither infinities nor a missing number. */
function encodeNumber(value: number | undefined): number | string | null {
  if (value === undefined || Number.isNaN(value)) return null;
  return Number.isFinite(value) ? value : String(value);
}

export function fromInput(input: ShardInput): RunBatch {
  const columns = input.columns.map((column): [string, Column] => [
    column.name,
    column.kind === "number"
      ? numberColumn(column.values.map((value) => (value === null ? null : Number(value))))
      : { kind: "category", labels: column.labels, codes: Int32Array.from(column.codes) },
  ]);
  const rows = input.ids.length;
  const batch: CustomerBatch = {
    rows,
    ids: input.ids,
    table: { rows, columns: new Map(columns) },
    photos: input.photos,
    consents: input.consents.map(readConsent),
  };
  return { batch, members: input.numbers.map((number, row) => ({ row, number })) };
}

const DATES = ["givenAt", "expiresAt", "withdrawnAt"] as const;

function readConsent(written: unknown): Consent {
  const consent = { ...(written as Record<string, unknown>) };
  for (const name of DATES) {
    const value = consent[name];
    if (typeof value === "string") consent[name] = new Date(value);
  }
  return consent as unknown as Consent;
}
