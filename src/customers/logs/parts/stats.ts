import { z } from "zod";
import type { ColumnWarning } from "../../../tables/index.ts";
import { type MonthCounts, type Period, periodOf } from "../period.ts";
import { type RepeatCounts, type Repeats, readRepeats } from "../repeats.ts";
import { badEvent, EVENT_KINDS, type EventKind } from "../selection.ts";

/** Counts of a part of the logs, which the next step adds up over all parts; JSON. */

export const scatterStats = z.object({
  kind: z.enum(EVENT_KINDS),
  rows: z.number(),
  /** Lines that could not be read. */
  malformed: z.number(),
  months: z.array(z.tuple([z.number(), z.number()])),
});

const repeats = z.object({ seen: z.number(), kept: z.number(), isTimed: z.boolean() });

export const countStats = z.object({
  repeats: z.object({ calls: repeats, usage: repeats }),
  devices: z.array(
    z.object({ manufacturer: z.string(), model: z.string(), events: z.number(), bad: z.number() }),
  ),
});

export const summaryStats = z.object({
  /** Time of the last record, microseconds since 1970; null: no record. */
  lastMicroseconds: z.number().nullable(),
  pairs: z.number(),
  volumes: z.number(),
});

export const featureStats = z.object({
  /** Features in order; the columns of the file are id, s0, s1, ... */
  columns: z.array(z.object({ name: z.string(), storedAs: z.enum(["text", "number"]) })),
  subscribers: z.number(),
});

export type ScatterStats = z.infer<typeof scatterStats>;
export type CountStats = z.infer<typeof countStats>;
export type SummaryStats = z.infer<typeof summaryStats>;
export type FeatureStats = z.infer<typeof featureStats>;

/** The whole log after the step `scatter`. */
export interface Scattered {
  readonly rows: Readonly<Record<EventKind, number>>;
  readonly malformed: number;
  /** All rows, also those that could not be read. */
  readonly read: number;
  readonly period: Period;
  /** SQL of the records that are rejected. */
  readonly bad: Readonly<Record<EventKind, string>>;
}

export function addScattered(parts: readonly ScatterStats[]): Scattered {
  const months = new Map<number, number>();
  const rows = { calls: 0, usage: 0 };
  for (const part of parts) {
    rows[part.kind] += part.rows;
    for (const [month, events] of part.months) months.set(month, (months.get(month) ?? 0) + events);
  }
  const malformed = sum(parts.map((part) => part.malformed));
  const ordered: MonthCounts = [...months].sort(([a], [b]) => a - b);
  const period = periodOf(ordered);
  return {
    rows,
    malformed,
    read: rows.calls + rows.usage + malformed,
    period,
    bad: { calls: badEvent("calls", period.isApart), usage: badEvent("usage", period.isApart) },
  };
}

/** The whole log after the step `count`. */
export interface Counted {
  readonly repeats: Readonly<Record<EventKind, Repeats>>;
  readonly devices: CountStats["devices"];
  /** Rejected records. */
  readonly badRows: number;
  readonly warnings: readonly ColumnWarning[];
}

export function addCounted({ rows, period }: Scattered, parts: readonly CountStats[]): Counted {
  const repeatsOf = (kind: EventKind) =>
    readRepeats(kind, rows[kind], addRepeats(parts.map((part) => part.repeats[kind])));
  const found = { calls: repeatsOf("calls"), usage: repeatsOf("usage") };
  const devices = addDevices(parts.flatMap((part) => part.devices));
  return {
    repeats: found,
    devices,
    badRows: sum(devices.map(({ bad }) => bad)),
    warnings: [...period.warnings, ...found.calls.warnings, ...found.usage.warnings],
  };
}

function addRepeats(parts: readonly RepeatCounts[]): RepeatCounts {
  return {
    seen: sum(parts.map(({ seen }) => seen)),
    kept: sum(parts.map(({ kept }) => kept)),
    isTimed: parts.some(({ isTimed }) => isTimed),
  };
}

function addDevices(parts: CountStats["devices"]): CountStats["devices"] {
  const byName = new Map<string, CountStats["devices"][number]>();
  for (const part of parts) {
    const key = JSON.stringify([part.manufacturer, part.model]);
    const { events = 0, bad = 0 } = byName.get(key) ?? {};
    byName.set(key, { ...part, events: events + part.events, bad: bad + part.bad });
  }
  return [...byName.values()];
}

/** The whole log after the step `summarise`. */
export function addSummaries(parts: readonly SummaryStats[]): SummaryStats {
  const last = parts.flatMap(({ lastMicroseconds }) => lastMicroseconds ?? []);
  return {
    lastMicroseconds: last.length === 0 ? null : last.reduce((a, b) => Math.max(a, b)),
    pairs: sum(parts.map(({ pairs }) => pairs)),
    volumes: sum(parts.map(({ volumes }) => volumes)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
