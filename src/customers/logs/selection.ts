import { idOf, instantOf, numberOf, type ScanColumn, textOf } from "../../tables/index.ts";
import type { LogTable } from "./tables.ts";

/** How values are read, the same for all files. */
export interface Reading {
  /** The zero point of numeric times, in seconds since 1970-01-01. */
  readonly startSeconds: number;
  /** Ids that are numbers in every file are compared as numbers: half the memory and time of text. */
  readonly ids: "BIGINT" | "VARCHAR";
}

/** Logs with records of subscribers, from which their features are computed. */
export const EVENT_KINDS = ["calls", "usage"] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

const NO_CALL = "caller IS NULL OR callee IS NULL OR moment IS NULL OR seconds IS NULL";

const LACKING = {
  calls: NO_CALL,
  messages: NO_CALL,
  usage: "caller IS NULL OR moment IS NULL OR bytes IS NULL",
} as const;

/**
 * SQL of whether an event cannot be used.
 *
 * @param isApart SQL of whether a time lies years from all others
 */
export function badEvent(kind: keyof typeof LACKING, isApart: string): string {
  return isApart === "false" ? LACKING[kind] : `${LACKING[kind]} OR ${isApart}`;
}

/** The columns to select from a table's relation. */
export function eventColumns(table: LogTable, { startSeconds, ids }: Reading): string {
  const id = (column: ScanColumn) => (ids === "BIGINT" ? `${column.sql}::BIGINT` : idOf(column));
  const label = (column: ScanColumn | null) => (column === null ? "''" : `coalesce(${textOf(column)}, '')`);
  return [
    `${id(table.subscriber)} AS caller`,
    ...(table.contact === null ? [] : [`${id(table.contact)} AS callee`]),
    `${instantOf(table.time, table.timeForm, startSeconds)} AS moment`,
    `${table.amount === null ? "0::DOUBLE" : numberOf(table.amount)} AS ${table.kind === "usage" ? "bytes" : "seconds"}`,
    `${label(table.manufacturer)} AS manufacturer`,
    `${label(table.model)} AS model`,
  ].join(", ");
}
