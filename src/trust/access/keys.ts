import { createHash, randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { invalidOption } from "../../core/index.ts";
import { makeFolderSync, PRIVATE } from "../../io/files.ts";
import {
  type Database,
  openStore,
  type SqlRow,
  type StoreKind,
  type StoreNames,
} from "../../io/sqlite/index.ts";
import { isSameHash, type Vault } from "../vault.ts";

/**
 * The permissions of a key: `decide` reads decisions, `outcome` reports outcomes, `review` opens the pages,
 * `admin` permits everything else.
 */
export const SCOPES = ["decide", "outcome", "review", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

export interface AccessKey {
  /** Public part of the key; it identifies the key in lists and for revocation. */
  readonly id: string;
  /** Purpose or owner of the key. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Maximum number of requests per minute. */
  readonly perMinute: number;
  readonly createdAt: Date;
  /** null: valid until it is revoked. */
  readonly expiresAt: Date | null;
}

interface NewAccessKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Maximum number of requests per minute; default 120,000. */
  readonly perMinute?: number | undefined;
  readonly expiresAt?: Date | null | undefined;
  readonly at: Date;
}

/**
 * The hashed keys of the service. Several processes may use the file; a revoked key fails in all of them
 * immediately.
 */
export interface AccessKeys {
  readonly path: string;
  /** 32 random bytes for names of decisions and sessions; constant for the life of the file. */
  readonly secret: Buffer;
  /** @returns the key itself, which is not stored. @throws ERR_OPTION_INVALID */
  create(key: NewAccessKey): { readonly key: string; readonly entry: AccessKey };
  list(): readonly AccessKey[];
  /** @returns whether the key existed */
  revoke(id: string): boolean;
  /**
   * The key's entry; null if there is no such key or it has expired. Takes the same time for every wrong
   * secret.
   */
  verify(key: string, at: Date): AccessKey | null;
  isEmpty(): boolean;
  close(): void;
}

export const ACCESS_NAMES: StoreNames = {
  what: "a file of access keys",
  corrupt: "ERR_STORE_CORRUPT",
  busy: "ERR_STORE_BUSY",
  corruptHint: "Remove it and create new keys; names of decisions that were given out become invalid.",
};

/** "LKEY" in ASCII. */
const APPLICATION_ID = 0x4c4b4559;
const DEFAULT_PER_MINUTE = 120_000;

const SCHEMA = `
CREATE TABLE state (only INTEGER PRIMARY KEY CHECK (only = 1), secret BLOB NOT NULL) STRICT;
CREATE TABLE keys (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  per_minute INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER
) STRICT, WITHOUT ROWID;
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = 1;
`;

const ACCESS: StoreKind = {
  names: ACCESS_NAMES,
  applicationId: APPLICATION_ID,
  create(database) {
    database.exec(SCHEMA);
    database.prepare("INSERT INTO state VALUES (1, ?)").run(randomBytes(32));
  },
};

/**
 * Opens the file of access keys and creates it if it does not exist. Close it when done.
 *
 * @throws ERR_STORE_CORRUPT, ERR_STORE_BUSY, ERR_KEY_REQUIRED, ERR_KEY_WRONG, ERR_OUTPUT_UNWRITABLE
 */
export function openAccessKeys(path: string, { vault }: { readonly vault?: Vault | null } = {}): AccessKeys {
  makeFolderSync(dirname(path), PRIVATE);
  const settings = { key: vault?.databaseKey, synchronous: "FULL" } as const;
  return openStore(path, ACCESS, settings, (database) => createKeys(database, path));
}

function createKeys(database: Database, path: string): AccessKeys {
  const add = database.prepare("INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?, ?)");
  const all = database.prepare("SELECT * FROM keys ORDER BY created_at, id");
  const find = database.prepare("SELECT * FROM keys WHERE id = ?");
  const drop = database.prepare("DELETE FROM keys WHERE id = ?");
  const any = database.prepare("SELECT 1 FROM keys LIMIT 1");
  const secret = Buffer.from(
    database.prepare("SELECT secret FROM state").get()?.secret as unknown as ArrayBuffer,
  );
  return {
    path,
    secret,
    create(request) {
      const { name, scopes, perMinute = DEFAULT_PER_MINUTE, expiresAt = null, at } = checkNew(request);
      const id = randomBytes(4).toString("hex");
      const own = randomBytes(32).toString("base64url");
      const expiry = expiresAt?.getTime() ?? null;
      add.run(id, hashOf(own), name, scopes.join(" "), perMinute, at.getTime(), expiry);
      return { key: `lk_${id}_${own}`, entry: { id, name, scopes, perMinute, createdAt: at, expiresAt } };
    },
    list: () => all.all().map(readKey),
    revoke: (id) => drop.run(id).changes > 0,
    verify(key, at) {
      const [, id = "", own = ""] = /^lk_([0-9a-f]{8})_([A-Za-z0-9_-]{43})$/.exec(key) ?? [];
      const row = find.get(id);
      // A hash is always compared, so that the time does not reveal whether an id exists.
      const isSame = isSameHash(hashOf(own), String(row?.hash ?? hashOf("")));
      if (row === undefined || !isSame) return null;
      const entry = readKey(row);
      return entry.expiresAt !== null && entry.expiresAt.getTime() <= at.getTime() ? null : entry;
    },
    isEmpty: () => any.get() === undefined,
    close: () => database.close(),
  };
}

/** The secret has 256 random bits, so one round of a plain hash cannot be reversed by guessing. */
function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function checkNew(request: NewAccessKey): NewAccessKey {
  const { name, scopes, perMinute = DEFAULT_PER_MINUTE, expiresAt, at } = request;
  const refuse = (what: string, option: string, received: unknown): never => {
    throw invalidOption(what, option, received);
  };
  if (name.trim() === "" || name.length > 100) refuse("a name of 1 to 100 characters", "name", name);
  const unknown = scopes.find((scope) => !SCOPES.includes(scope));
  if (unknown !== undefined) refuse(`one of ${SCOPES.join(", ")}`, "scope", unknown);
  if (scopes.length === 0) refuse("at least one scope", "scopes", scopes);
  if (!(Number.isInteger(perMinute) && perMinute > 0)) refuse("a positive integer", "perMinute", perMinute);
  if (expiresAt != null && !(expiresAt.getTime() > at.getTime()))
    refuse("a later date", "--expires", expiresAt);
  return request;
}

function readKey(row: SqlRow): AccessKey {
  const scopes = String(row.scopes).split(" ");
  return {
    id: String(row.id),
    name: String(row.name),
    scopes: SCOPES.filter((scope) => scopes.includes(scope)),
    perMinute: Number(row.per_minute),
    createdAt: new Date(Number(row.created_at)),
    expiresAt: row.expires_at === null ? null : new Date(Number(row.expires_at)),
  };
}
