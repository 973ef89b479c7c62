import { join } from "node:path";
import { quoteText } from "../../../io/duckdb/index.ts";
import { listNames } from "../../../io/entries.ts";
import { findFiles, noteRejectedLines, openScans, withReadableText } from "../../../tables/index.ts";
import { countDevices, createEvents, createUsable } from "../events.ts";
import { countMonths } from "../period.ts";
import { countRepeats } from "../repeats.ts";
import { EVENT_KINDS, type EventKind } from "../selection.ts";
import { joinContacts, summariseOwn } from "../summary.ts";
import { findColumns } from "../tables.ts";
import { buildTimeline, nameHandsets } from "../timeline.ts";
import type { LogPlan } from "./plan.ts";
import type { Counted, CountStats, FeatureStats, Scattered, ScatterStats, SummaryStats } from "./stats.ts";
import {
  inDatabase,
  insertDevices,
  keepTable,
  type StepOptions,
  type TableFiles,
  viewEvents,
  viewFiles,
} from "./tables.ts";

/**
 * Reads one file of the logs and keeps its records by partition, as `<kind>/<partition>/<n>.parquet`. Records
 * of a subscriber are in one partition, in all files.
 *
 * @throws as `openCustomers` for the file
 */
export async function scatterLog(plan: LogPlan, number: number, options: StepOptions): Promise<ScatterStats> {
  const file = plan.files[number];
  if (file === undefined) throw new RangeError(`no file ${number} in the logs`);
  const { kind, path, timeForm } = file;
  const mapping = kind === "calls" ? plan.callMapping : plan.usageMapping;
  const all = `all_${kind}`;
  return inDatabase([path], options, async (database) => {
    const scans = await withReadableText(database, await findFiles(path), async (readable) => {
      const opened = await openScans(database, readable);
      const tables = opened.map((scan) => ({ ...findColumns(kind, scan, mapping), timeForm }));
      await createEvents(database, { name: all, kind, tables, reading: plan });
      return opened;
    });
    const months = await countMonths(database, [all]);
    const [size] = await database.all(`SELECT count(*)::DOUBLE AS rows FROM ${all}`);
    const malformed = (await noteRejectedLines(database, scans)).reduce((sum, { count }) => sum + count, 0);
    const folder = join(database.folder, kind);
    await database.run(`COPY (SELECT *, (hash(caller) % ${plan.partitions})::INTEGER AS part FROM ${all})
      TO ${quoteText(folder)} (FORMAT parquet, PARTITION_BY (part))`);
    for (const partition of await listNames(folder)) {
      const names = await listNames(join(folder, partition));
      for (const [i, name] of names.entries()) {
        const kept = `${kind}/${partition.replace("part=", "")}/${i}.parquet`;
        await options.keep(kept, join(folder, partition, name));
      }
    }
    return { kind, rows: Number(size?.rows ?? 0), malformed, months: months.map(([a, b]) => [a, b]) };
  });
}

/** Counts the handsets and the repeated records of one partition. */
export async function countPart(
  plan: LogPlan,
  { events, log }: { readonly events: TableFiles<EventKind>; readonly log: Scattered },
  options: StepOptions,
): Promise<CountStats> {
  return inDatabase([...events.calls, ...events.usage], options, async (database) => {
    await viewEvents(database, plan, events);
    const repeatsOf = (kind: EventKind) =>
      countRepeats(database, kind, { isBad: log.bad[kind], rows: log.rows[kind] });
    const repeats = { calls: await repeatsOf("calls"), usage: await repeatsOf("usage") };
    await countDevices(database, log.bad);
    const devices = await database.all(
      "SELECT manufacturer, model, events::DOUBLE AS events, bad::DOUBLE AS bad FROM devices_seen",
    );
    return {
      repeats,
      devices: devices.map(({ manufacturer, model, events: seen, bad }) => {
        return {
          manufacturer: String(manufacturer),
          model: String(model),
          events: Number(seen),
          bad: Number(bad),
        };
      }),
    };
  });
}

/** Summarises the subscribers of one partition; keeps `pairs`, `volumes` and `devices`. */
export async function summarisePart(
  plan: LogPlan,
  part: { readonly events: TableFiles<EventKind>; readonly log: Scattered; readonly counted: Counted },
  options: StepOptions,
): Promise<SummaryStats> {
  const { events, log, counted } = part;
  return inDatabase([...events.calls, ...events.usage], options, async (database) => {
    await viewEvents(database, plan, events);
    for (const kind of EVENT_KINDS) {
      const { isDistinct } = counted.repeats[kind];
      await createUsable(database, kind, { isBad: log.bad[kind], isDistinct });
    }
    await insertDevices(database, counted.devices);
    await buildTimeline(database, plan.manufacturers);
    await summariseOwn(database);
    for (const name of ["pairs", "volumes", "devices"])
      await keepTable(database, { relation: name, name, keep: options.keep });
    const [counts] = await database.all(`SELECT (SELECT count(*) FROM pairs)::DOUBLE AS pairs,
      (SELECT count(*) FROM volumes)::DOUBLE AS volumes, (SELECT epoch_us(ends) FROM log_period)::DOUBLE AS ends`);
    return {
      pairs: Number(counts?.pairs ?? 0),
      volumes: Number(counts?.volumes ?? 0),
      lastMicroseconds: counts?.ends == null ? null : Number(counts.ends),
    };
  });
}

/**
 * Computes the features of the subscribers of one partition; keeps `features`.
 *
 * @param part.files `pairs` and `volumes` of the partition, and `devices` of all
 */
export async function featuresOfPart(
  plan: LogPlan,
  part: {
    readonly files: TableFiles<"pairs" | "volumes" | "devices">;
    readonly counted: Counted;
    readonly summary: SummaryStats;
  },
  options: StepOptions,
): Promise<FeatureStats> {
  const { files, counted, summary } = part;
  return inDatabase([...files.pairs, ...files.volumes, ...files.devices], options, async (database) => {
    for (const name of ["pairs", "volumes", "devices"] as const) await viewFiles(database, name, files[name]);
    await insertDevices(database, counted.devices);
    await nameHandsets(database, plan.manufacturers);
    const ends = summary.lastMicroseconds === null ? "NULL::BIGINT" : `${summary.lastMicroseconds}::BIGINT`;
    await database.run(`CREATE TABLE log_period AS SELECT make_timestamp(${ends}) AS ends`);
    const kinds = { hasCalls: summary.pairs > 0, hasUsage: summary.volumes > 0 };
    const candidates = await joinContacts(database, kinds);
    await keepTable(database, { relation: "subscribers", name: "features", keep: options.keep });
    const [counts] = await database.all("SELECT count(*)::DOUBLE AS n FROM subscribers");
    return {
      columns: candidates.map(({ name, storedAs }) => ({
        name,
        storedAs: storedAs === "text" ? "text" : "number",
      })),
      subscribers: Number(counts?.n ?? 0),
    };
  });
}
