import type { Database } from "../../io/duckdb/index.ts";
import {
  checkIds,
  findTimeForm,
  requireColumn,
  roleColumn,
  type Scan,
  type ScanColumn,
  type TimeForm,
} from "../../tables/index.ts";

/** Names of the roles of a call log's columns. */
export const CALL_ROLES = [
  "caller_id",
  "callee_id",
  "started_at",
  "duration_s",
  "device_manufacturer",
  "device_model",
] as const;

/** Column names; each defaults to its role. A log may lack the device columns. */
export type CallMapping = { readonly [role in (typeof CALL_ROLES)[number]]?: string | undefined };

export interface UsageMapping {
  readonly subscriber_id?: string | undefined;
  readonly at?: string | undefined;
  readonly bytes?: string | undefined;
  readonly device_manufacturer?: string | undefined;
  readonly device_model?: string | undefined;
}

export const MESSAGE_ROLES = ["sender_id", "recipient_id", "sent_at"] as const;

/** Column names of a log of messages; each defaults to its role. */
export type MessageMapping = { readonly [role in (typeof MESSAGE_ROLES)[number]]?: string | undefined };

export interface LogScans {
  readonly calls: readonly Scan[];
  readonly callMapping: CallMapping;
  readonly usage: readonly Scan[];
  readonly usageMapping: UsageMapping;
  readonly messages?: readonly Scan[] | undefined;
  readonly messageMapping?: MessageMapping | undefined;
  /** The zero point of numeric times, in seconds since 1970-01-01. */
  readonly startSeconds: number;
}

/** Files of one layout, with the columns that were found. */
export interface LogTable {
  readonly kind: "calls" | "usage" | "messages";
  readonly scan: Scan;
  readonly subscriber: ScanColumn;
  /** The person called; null in a usage log. */
  readonly contact: ScanColumn | null;
  readonly time: ScanColumn;
  readonly timeForm: TimeForm;
  /** Seconds of a call, or bytes of usage; null for a message. */
  readonly amount: ScanColumn | null;
  readonly manufacturer: ScanColumn | null;
  readonly model: ScanColumn | null;
}

/** Role names of each table's columns. */
export const ROLES = {
  calls: { subscriber: "caller_id", contact: "callee_id", time: "started_at", amount: "duration_s" },
  usage: { subscriber: "subscriber_id", contact: null, time: "at", amount: "bytes" },
  messages: { subscriber: "sender_id", contact: "recipient_id", time: "sent_at", amount: null },
} as const;

/** @throws ERR_COLUMN_MISSING */
export async function findLogTables(database: Database, logs: LogScans): Promise<LogTable[]> {
  const tables = [
    ...logs.calls.map((scan) => findColumns("calls", scan, logs.callMapping)),
    ...logs.usage.map((scan) => findColumns("usage", scan, logs.usageMapping)),
    ...(logs.messages ?? []).map((scan) => findColumns("messages", scan, logs.messageMapping ?? {})),
  ];
  const found: LogTable[] = [];
  for (const table of tables) {
    await checkIds(database, table.scan, table.subscriber);
    if (table.contact !== null) await checkIds(database, table.scan, table.contact);
    const hasStart = logs.startSeconds !== 0;
    found.push({ ...table, timeForm: await findTimeForm(database, table.scan, table.time, { hasStart }) });
  }
  return found;
}

/** The columns of a table, by its mapping or the names of their roles. @throws ERR_COLUMN_MISSING */
export function findColumns(
  kind: LogTable["kind"],
  scan: Scan,
  mapping: CallMapping & UsageMapping & MessageMapping,
): Omit<LogTable, "timeForm"> {
  const required = (role: keyof typeof mapping) => requireColumn(scan, mapping[role] ?? role, role);
  const optional = (role: keyof typeof mapping) => roleColumn(scan, role, mapping[role]);
  const roles = ROLES[kind];
  return {
    kind,
    scan,
    subscriber: required(roles.subscriber),
    contact: roles.contact === null ? null : required(roles.contact),
    time: required(roles.time),
    amount: roles.amount === null ? null : required(roles.amount),
    manufacturer: optional("device_manufacturer"),
    model: optional("device_model"),
  };
}
