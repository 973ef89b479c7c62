import { LookalikeError, once, wrongUse } from "../../core/index.ts";
import { type Database, openDatabase } from "../../io/duckdb/index.ts";
import {
  findFiles,
  noteRejectedLines,
  openScans,
  type SourceFile,
  withReadableText,
} from "../../tables/index.ts";
import { idTypes, storageOf } from "../logs/events.ts";
import { findPeriod } from "../logs/period.ts";
import { findRepeats } from "../logs/repeats.ts";
import { badEvent, eventColumns } from "../logs/selection.ts";
import { findLogTables, type LogScans, type LogTable } from "../logs/tables.ts";
import { type Influence, measureInfluence } from "./influence.ts";
import { listMonths, readMonths, writeMonths } from "./kept.ts";
import { collectMonths } from "./months.ts";
import { addPeople, type IdType } from "./people.ts";
import { type NetworkReport, reportNetwork } from "./report.ts";
import { buildOwnTimeline } from "./spells.ts";
import { buildOverlap, buildTies, tiesOf } from "./ties.ts";
import type { NetworkOptions, NetworkReading, Tie } from "./types.ts";

/** Ties between people who consent to them. It uses memory and a temporary folder: `close()` it. */
interface Network {
  readonly reading: NetworkReading;
  /** A person's ties, strongest first; empty if the person does not consent. */
  ties(id: string): Promise<readonly Tie[]>;
  /**
   * Measures which contacts bought first what their circle bought later. Handsets are those of people who
   * consent; the logs must reach back as far as the purchases.
   *
   * @throws ERR_TRANSITIONS_EMPTY the logs have no column of handsets
   */
  influence(): Promise<Influence>;
  /** Counts and distributions, without names. */
  report(): Promise<NetworkReport>;
  close(): Promise<void>;
}

/** A network with its database, for the other files of this folder. */
export interface OpenedNetwork extends Network {
  readonly database: Database;
  /** The newest month of the events, as a number; null: no events. */
  readonly newest: number | null;
}

/**
 * Reads logs of calls and messages into ties, in SQL that spills to disk. Events with a person who does not
 * consent are dropped while they are read: they are counted, and nothing of them is kept, not even for the
 * run.
 *
 * @throws ERR_OPTION_INVALID neither calls nor messages
 * @throws ERR_SOURCE_NOT_FOUND, ERR_SOURCE_UNREADABLE, ERR_SOURCE_EMPTY, ERR_COLUMN_MISSING,
 * ERR_DATABASE_FAILED, ERR_ABORTED, ERR_KEY_REQUIRED, ERR_KEY_WRONG
 *
 * @example
 * const people = consents.consenting("network", { at: new Date(), jurisdiction: "NL" });
 * const network = await openNetwork({ calls: { source: "calls/" }, people });
 * console.log(network.reading, await network.report());
 * await network.close();
 */
export async function openNetwork(options: NetworkOptions): Promise<OpenedNetwork> {
  const { calls, messages } = options;
  if (calls === undefined && messages === undefined) {
    throw wrongUse(
      "calls or messages",
      "neither",
      "Pass --calls or --messages; in a program, open the network with { calls: { source } }.",
    );
  }
  const files = [
    calls === undefined ? [] : await findFiles(calls.source),
    messages === undefined ? [] : await findFiles(messages.source),
  ] as const;
  const paths = files.flat().map(({ path }) => path);
  const database = await openDatabase({ ...options.resources, files: paths, signal: options.signal });
  try {
    await addPeople(database, options.people);
    const counts = await withReadableText(database, files.flat(), (read) =>
      readLogs(database, options, [read.slice(0, files[0].length), read.slice(files[0].length)]),
    );
    return await createNetwork(database, counts, options);
  } catch (error) {
    await database.close();
    throw error;
  }
}

interface Counts extends Omit<NetworkReading, "hubs" | "people"> {
  readonly hasHandsets: boolean;
  /** Whether events with handsets are read again by each query, or kept. */
  readonly storage: "VIEW" | "TABLE";
}

async function readLogs(
  database: Database,
  options: NetworkOptions,
  [calls, messages]: readonly [readonly SourceFile[], readonly SourceFile[]],
): Promise<Counts> {
  const startSeconds = (options.logStart?.getTime() ?? 0) / 1000;
  const logs: LogScans = {
    calls: await openScans(database, calls),
    callMapping: options.calls?.mapping ?? {},
    usage: [],
    usageMapping: {},
    messages: await openScans(database, messages),
    messageMapping: options.messages?.mapping,
    startSeconds,
  };
  const tables = await findLogTables(database, logs);
  const ids = idTypes(tables);
  // A view: events of people who do not consent are in no table, not even a temporary one.
  await database.run(`CREATE OR REPLACE VIEW all_calls AS ${selectEvents(tables, { ids, startSeconds })}`);
  const repeats = await findRepeats(database, "calls", badEvent("calls", "false"));
  const events = `SELECT ${repeats.isDistinct ? "DISTINCT" : ""} caller, callee, moment, seconds, is_message FROM all_calls`;
  const known = options.kept === undefined ? [] : (await listMonths(options.kept)).map(({ month }) => month);
  const { from, before } = options;
  const counts = await collectMonths(database, events, { ids, window: { from, before, known } });
  const rejected = await noteRejectedLines(
    database,
    tables.map(({ scan }) => scan),
  );
  const lines = rejected.reduce((sum, { count }) => sum + count, 0);
  const apart = await dropApart(database);
  const dropped = { ...counts.dropped, unreadable: counts.dropped.unreadable + lines + apart };
  const hasHandsets = tables.some(({ manufacturer }) => manufacturer !== null);
  const storage = storageOf(tables);
  return { read: counts.read + lines, used: counts.used - apart, dropped, hasHandsets, storage };
}

function selectEvents(
  tables: readonly LogTable[],
  reading: { readonly ids: IdType; readonly startSeconds: number },
): string {
  return tables
    .map((table) => {
      const isMessage = table.kind === "messages";
      return `SELECT ${eventColumns(table, reading)}, ${isMessage} AS is_message FROM ${table.scan.checkedRelation}`;
    })
    .join(" UNION ALL ");
}

/**
 * Drops months that lie years from all others: their clock was wrong.
 *
 * @returns the number of events in them
 */
async function dropApart(database: Database): Promise<number> {
  const { isApart } = await findPeriod(database, ["(SELECT first AS moment FROM network_months)"]);
  if (isApart === "false") return 0;
  const where = isApart.replace(/\bmoment\b/g, "first");
  const [found] = await database.all(
    `SELECT coalesce(sum(calls + messages), 0)::DOUBLE AS n FROM network_months WHERE ${where}`,
  );
  await database.run(`DELETE FROM network_months WHERE ${where}`);
  return Number(found?.n ?? 0);
}

async function createNetwork(
  database: Database,
  counts: Counts,
  options: NetworkOptions,
): Promise<OpenedNetwork> {
  const { kept, from, before, isMutual = true } = options;
  const newestOf = async () => {
    const [found] = await database.all("SELECT max(month)::DOUBLE AS month FROM network_months");
    return found?.month == null ? null : Number(found.month);
  };
  if (kept !== undefined) {
    const present = await newestOf();
    if (present !== null && from === undefined && before === undefined)
      await writeMonths(database, kept, present);
    const [own] = await database.all("SELECT list(DISTINCT month)::VARCHAR AS months FROM network_months");
    await readMonths(database, kept, JSON.parse(String(own?.months ?? "[]")));
  }
  const newest = await newestOf();
  const hubs = await buildTies(database, { until: newest ?? 0, isMutual });
  const withOverlap = once(() => buildOverlap(database));
  const [people] = await database.all("SELECT count(*)::DOUBLE AS n FROM network_people");
  return {
    database,
    newest,
    reading: {
      read: counts.read,
      used: counts.used,
      dropped: counts.dropped,
      hubs,
      people: Number(people?.n ?? 0),
    },
    ties: async (id) => {
      await withOverlap();
      return tiesOf(database, id);
    },
    influence: async () => {
      if (!counts.hasHandsets) throw noHandsets();
      await buildOwnTimeline(database, counts.storage, options.manufacturers);
      return measureInfluence(database);
    },
    report: async () => {
      await withOverlap();
      return reportNetwork(database, newest);
    },
    close: () => database.close(),
  };
}

function noHandsets(): LookalikeError {
  return new LookalikeError(
    "ERR_TRANSITIONS_EMPTY",
    "Expected a column of handsets in the call log but received none",
    {
      hint: "Influence needs handsets: pass a log with device_manufacturer.",
    },
  );
}
