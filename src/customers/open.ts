import { type LookalikeError, wrongUse } from "../core/index.ts";
import { type DatabaseResources, openDatabase } from "../io/duckdb/index.ts";
import type { ExperimentTable } from "../statistics/index.ts";
import type { ColumnWarning, RowReport } from "../tables/index.ts";
import {
  countsByCode,
  findFiles,
  openFileScans,
  openScans,
  type TableSource,
  withReadableText,
} from "../tables/index.ts";
import { type Crm, type CustomerMapping, openCrm } from "./crm.ts";
import type { ExperimentOptions } from "./experiment/options.ts";
import { readExperimentLog } from "./experiment/read.ts";
import { withCoverage } from "./logs/coverage.ts";
import { type Events, openEvents } from "./logs/events.ts";
import type { OwnMakers } from "./logs/makers.ts";
import { noTransitions } from "./logs/no-transitions.ts";
import { openLogFeatures } from "./logs/parts/features.ts";
import { summariseLogs } from "./logs/summary.ts";
import type { CallMapping, MessageMapping, UsageMapping } from "./logs/tables.ts";
import { buildTimeline } from "./logs/timeline.ts";
import { type Influence, measureInfluence } from "./network/influence.ts";
import { joinNetwork } from "./network/join.ts";
import { newestMonth } from "./network/months.ts";
import { buildTies } from "./network/ties.ts";
import type { NetworkReading } from "./network/types.ts";
import { openPanel, type PurchaseMapping } from "./purchases/open.ts";
import { joinBoth, summarisePurchases } from "./purchases/summary.ts";
import { collectTransitions } from "./purchases/transitions.ts";
import { type CustomerReadOptions, createReader, type Joined } from "./read.ts";
import { readTransitions, type TransitionOptions } from "./transitions.ts";
import type { CustomerReader, TransitionTable } from "./types.ts";

export interface CustomersOptions {
  readonly customers?: {
    readonly source: TableSource;
    readonly mapping?: CustomerMapping | undefined;
    /** Id in a file without an id column; default `required`: such a file is rejected. */
    readonly ids?: "required" | "row-number" | undefined;
  };
  readonly calls?: { readonly source: TableSource; readonly mapping?: CallMapping | undefined };
  readonly usage?: { readonly source: TableSource; readonly mapping?: UsageMapping | undefined };
  /**
   * A panel of purchases, one row each. `transitions` are read from it, and past purchases become features.
   */
  readonly purchases?: { readonly source: TableSource; readonly mapping?: PurchaseMapping | undefined };
  readonly experiment?: { readonly source: TableSource } & ExperimentOptions;
  /**
   * Features of ties between people who consent to the purpose `network` (`people`); default: none. Needs
   * calls.
   */
  readonly network?:
    | {
        readonly people: Iterable<string>;
        readonly messages?: { readonly source: TableSource; readonly mapping?: MessageMapping | undefined };
      }
    | undefined;
  /**
   * Maps makers' names in the logs to the names used here; takes precedence over `MAKER_ALIASES`. A name that
   * maps to itself is a maker of its own; one that maps to "" is no maker.
   */
  readonly manufacturers?: OwnMakers | undefined;
  /** The zero point of numeric times in the logs; default 1970-01-01. */
  readonly logStart?: Date | undefined;
  /**
   * Folder of finished features of these logs (`writeLogFeatures`), which are read instead of the logs; default:
   * none. `transitions` and `influence` then fail, because they need the logs themselves.
   */
  readonly logFeatures?: string | undefined;
  readonly resources?: DatabaseResources | undefined;
  /** Aborts opening and reading. */
  readonly signal?: AbortSignal | undefined;
}

/** All data of the customers, open for reading. It uses memory and a temporary folder: `close()` it. */
export interface Customers {
  /** Rows left out of the call and usage logs. */
  readonly logReport: RowReport | null;
  /** Counts of the logs' events in the network; null: no network was requested. */
  readonly network: Pick<NetworkReading, "read" | "used" | "dropped"> | null;
  /** Rows left out of the purchases. */
  readonly purchaseReport: RowReport | null;
  /**
   * The CRM's rows with the features from the logs.
   *
   * @throws ERR_OPTION_INVALID without a CRM
   */
  read(options: CustomerReadOptions): Promise<CustomerReader>;
  /**
   * Which product was bought after which, from the purchases, else from the logs.
   *
   * @throws ERR_OPTION_INVALID without logs, ERR_TRANSITIONS_EMPTY if requested
   */
  transitions(options?: TransitionOptions): Promise<TransitionTable>;
  /**
   * The past campaign, joined with the CRM.
   *
   * @throws ERR_OPTION_INVALID without an experiment
   */
  experiment(): Promise<ExperimentTable>;
  /**
   * Which contacts bought first what their circles bought later.
   *
   * @throws ERR_OPTION_INVALID without a network
   */
  influence(): Promise<Influence>;
  close(): Promise<void>;
}

/**
 * Opens CRM, logs and experiment together; each is optional. Checks the columns of all tables and summarises the logs
 * in SQL that can use the disk: memory stays within `resources.memoryMb` (plus about 300 MB) for logs of any length.
 * While it is open, only the named files can be read.
 *
 * @throws ERR_SOURCE_NOT_FOUND, ERR_SOURCE_UNREADABLE, ERR_SOURCE_EMPTY, ERR_COLUMN_MISSING, ERR_DATABASE_FAILED,
 * ERR_ABORTED
 *
 * @example
 * const customers = await openCustomers({ customers: { source: "customers.csv" }, calls: { source: "calls/" } });
 * for await (const batch of await customers.read({ now: new Date() })) console.log(batch.rows);
 * await customers.close();
 */
export async function openCustomers(options: CustomersOptions): Promise<Customers> {
  const find = async (part: { readonly source: TableSource } | undefined) =>
    part === undefined ? [] : findFiles(part.source);
  const [customers, calls, usage, purchases, experiment, messages] = await Promise.all([
    find(options.customers),
    find(options.calls),
    find(options.usage),
    find(options.purchases),
    find(options.experiment),
    find(options.network?.messages),
  ]);
  const features =
    options.logFeatures === undefined ? null : await openLogFeatures(options.logFeatures, options);
  if (features !== null && options.network !== undefined) throw noNetwork();
  const sources = [...customers, ...calls, ...usage, ...purchases, ...experiment, ...messages];
  const files = [...sources.map((file) => file.path), ...(features?.files ?? [])];
  const database = await openDatabase({ ...options.resources, files, signal: options.signal });
  try {
    const crm: Crm | null =
      customers.length === 0
        ? null
        : await withReadableText(database, customers, async (files) =>
            openCrm(
              database,
              await openFileScans(database, files),
              options.customers?.mapping ?? {},
              options.customers?.ids ?? "required",
            ),
          );
    // The experiment's rows are read on request; its header is checked now.
    await openFileScans(database, experiment);
    let joined: Joined | null = null;
    let events: Events | null = null;
    let network: Customers["network"] = null;
    if (features !== null) joined = await features.join(database);
    else if (calls.length + usage.length > 0) {
      events = await withReadableText(database, [...calls, ...usage], async (files) =>
        openEvents(database, {
          calls: await openScans(database, files.slice(0, calls.length)),
          callMapping: options.calls?.mapping ?? {},
          usage: await openScans(database, files.slice(calls.length)),
          usageMapping: options.usage?.mapping ?? {},
          startSeconds: startOf(options),
        }),
      );
      await buildTimeline(database, options.manufacturers);
      if (options.network !== undefined && calls.length > 0)
        network = await joinNetwork(database, {
          people: options.network.people,
          messages,
          messageMapping: options.network.messages?.mapping,
          startSeconds: startOf(options),
        });
      joined = await summariseLogs(database);
    }
    const panel =
      purchases.length === 0
        ? null
        : await withReadableText(database, purchases, async (files) =>
            openPanel(database, await openFileScans(database, files), {
              mapping: options.purchases?.mapping ?? {},
              signal: options.signal,
            }),
          );
    const known = await joinBoth(database, joined, panel && (await summarisePurchases(database, panel)));
    const read = events?.report ?? features?.report ?? null;
    const logReport = read === null ? null : await withCoverage(database, read, crm);
    return {
      logReport,
      network,
      purchaseReport: panel?.ledger.report ?? null,
      read: async (read) =>
        createReader(
          database,
          requirePart(crm, "customers"),
          known && {
            ...known,
            warnings: [
              ...warningsOf(logReport, "call and usage logs"),
              ...warningsOf(panel?.ledger.report ?? null, "purchases"),
            ],
          },
          read,
        ),
      async transitions(transitions = {}) {
        if (panel !== null) return collectTransitions(database, panel, transitions.signal);
        requirePart(events, "calls");
        const { candidates } = requirePart(joined, "calls");
        const table = await readTransitions(database, crm, candidates, transitions);
        if (table.rows === 0 && transitions.empty === "refuse")
          throw noTransitions(requirePart(events, "calls"));
        return table;
      },
      async experiment() {
        const log = requirePart(options.experiment, "experiment");
        const startSeconds = startOf(options);
        const logs = joined && { names: joined.candidates.map(({ name }) => name), startSeconds };
        return withReadableText(database, experiment, async (files) =>
          readExperimentLog(database, await openFileScans(database, files), { crm, logs }, log),
        );
      },
      async influence() {
        requirePart(network, "network");
        await buildTies(database, { until: await newestMonth(database), isMutual: true });
        return measureInfluence(database);
      },
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** What the reader of customers reports about another table, whose rejected rows are not counted with its own. */
function warningsOf(report: RowReport | null, what: string): ColumnWarning[] {
  if (report === null) return [];
  const { warnings, refused } = report;
  if (refused === 0) return [...warnings];
  const message = `${refused} ${refused === 1 ? "row" : "rows"} of the ${what} rejected: ${countsByCode(report)}`;
  return [...warnings, { column: what, cells: refused, message }];
}

function noNetwork(): LookalikeError {
  return wrongUse(
    "the logs for ties between people, which the model or the campaign uses,",
    "finished features of the logs",
    "Read the logs themselves on one machine: leave out the finished features.",
  );
}

/** The zero point of numeric times, in seconds since 1970-01-01. */
function startOf({ logStart }: CustomersOptions): number {
  return (logStart?.getTime() ?? 0) / 1000;
}

function requirePart<T>(part: T | null | undefined, name: string): T {
  if (part !== null && part !== undefined) return part;
  throw wrongUse(`a source for ${name}`, "none", `Open the customers with { ${name}: { source } }.`);
}
