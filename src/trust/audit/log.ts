import { createHmac } from "node:crypto";
import { dirname } from "node:path";
import { canonicalId } from "../../core/index.ts";
import { makeFolderSync, PRIVATE } from "../../io/files.ts";
import {
  compact,
  type Database,
  openStore,
  type SqlRow,
  type StoreUse,
  useStore,
} from "../../io/sqlite/index.ts";
import { pseudonym, type Vault } from "../vault.ts";
import {
  AUDIT,
  AUDIT_NAMES,
  type AuditEntry,
  type EntryRow,
  prepareAudit,
  readBounds,
  readEntry,
} from "./rows.ts";
import type { AuditFilter, AuditLog, JournalEntry } from "./types.ts";
import { type Chain, type Seal, verifyChain } from "./verify.ts";

export type { AuditAction, AuditLog, NewAuditEntry } from "./types.ts";
export type { AuditCheck, AuditHead } from "./verify.ts";

export interface AuditOptions {
  readonly vault?: Pick<Vault, "databaseKey"> | null | undefined;
  /** The acting user or job, by name. */
  readonly actor: string;
  /** The clock; default: the system clock. */
  readonly now?: (() => Date) | undefined;
}

/** Entries per read. */
const PAGE = 1000;

/**
 * Opens the hash-chained audit log, and creates it if it does not exist. Close it when done.
 *
 * @throws ERR_STORE_CORRUPT, ERR_STORE_BUSY, ERR_KEY_REQUIRED, ERR_KEY_WRONG, ERR_OUTPUT_UNWRITABLE
 *
 * @example
 * const audit = openAudit("privacy/audit.db", { actor: "nightly-job" });
 * console.log(audit.verify());
 * audit.close();
 */
export function openAudit(path: string, options: AuditOptions): AuditLog {
  makeFolderSync(dirname(path), PRIVATE);
  const use = useStore(path, AUDIT_NAMES);
  try {
    const settings = { key: options.vault?.databaseKey, synchronous: "NORMAL" } as const;
    return openStore(path, AUDIT, settings, (database) => createLog(database, path, options, use));
  } catch (error) {
    use.end();
    throw error;
  }
}

function createLog(
  database: Database,
  path: string,
  { actor, now = () => new Date() }: AuditOptions,
  use: StoreUse,
): AuditLog {
  const sql = prepareAudit(database);
  const secret = Buffer.from(sql.state.get()?.secret as ArrayBuffer);
  const chain: Chain = (before, row) =>
    createHmac("sha256", secret)
      .update(JSON.stringify([before, ...row]))
      .digest("hex");
  const sealOf: Seal = (name, { seq, hash }) => pseudonym(secret, `${name}:${seq}:${hash}`);
  const subjectOf = (customerId: string) =>
    pseudonym(secret, `customer:${canonicalId(customerId)}`).slice(0, 32);
  const subjectOrNull = (customerId: string | undefined) =>
    customerId === undefined ? null : subjectOf(customerId);
  const bounds = () => readBounds(sql.state.get() as SqlRow);
  /** Call it inside a transaction. */
  const add = (entries: readonly Omit<JournalEntry, "at">[]) => {
    let { head } = bounds();
    for (const { actor: by, action, subject, detail } of entries) {
      const row: EntryRow = [head.seq + 1, now().getTime(), by, action, subject, JSON.stringify(detail)];
      head = { seq: head.seq + 1, hash: chain(head.hash, row) };
      sql.add.run(...row, head.hash);
    }
    sql.setHead.run(head.seq, head.hash, sealOf("head", head));
  };

  function* entries({ customerId, action }: AuditFilter = {}): Generator<AuditEntry> {
    const subject = subjectOrNull(customerId);
    for (let last = 0; ; ) {
      const of = action ?? "";
      const rows = subject === null ? sql.page.all(last, of, PAGE) : sql.pageOf.all(subject, last, of, PAGE);
      for (const row of rows) yield readEntry(row);
      if (rows.length === 0) return;
      last = Number(rows.at(-1)?.seq);
    }
  }

  return {
    path,
    append(action, { customerId, detail = {} } = {}) {
      database.transaction(() => add([{ actor, action, subject: subjectOrNull(customerId), detail }]));
    },
    subjectOf,
    absorb: (name, journal) =>
      database.transaction(() => {
        let known = 0;
        for (const { detail } of entries({ action: "journal" })) {
          if (detail.name === name) known += Number(detail.entries);
        }
        const added = journal.slice(known).map(({ at, detail, ...entry }) => {
          return { ...entry, detail: { ...detail, done_at: at } };
        });
        if (added.length === 0) return 0;
        const detail = { name, entries: added.length };
        add([{ actor, action: "journal", subject: null, detail }, ...added]);
        return added.length;
      }),
    entries,
    head: () => bounds().head,
    verify: (expected) => verifyChain({ bounds: bounds(), entries: entries(), chain, sealOf }, expected),
    prune(before, { dryRun = false } = {}) {
      const last = sql.lastBefore.get(before.getTime());
      if (last === undefined) return 0;
      const start = { seq: Number(last.seq), hash: String(last.hash) };
      const count = start.seq - bounds().start.seq;
      if (dryRun || count === 0) return count;
      database.transaction(() => {
        sql.setStart.run(start.seq, start.hash, sealOf("start", start));
        sql.drop.run(start.seq);
      });
      compact(database, path, AUDIT_NAMES);
      return count;
    },
    close() {
      database.close();
      use.end();
    },
  };
}
