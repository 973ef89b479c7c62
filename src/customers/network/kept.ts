import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LookalikeError } from "../../core/index.ts";
import { type Database, quoteFile, quoteText } from "../../io/duckdb/index.ts";
import { listNames } from "../../io/entries.ts";
import { whileLocked } from "../../io/file-lock.ts";
import { makeFolder, PRIVATE, writeFileAtomic } from "../../io/files.ts";
import type { Vault } from "../../trust/index.ts";

/**
 * Months of ties, kept between runs: one file each, with the pairs who both consented when it was written.
 */
export interface KeptMonths {
  readonly folder: string;
  readonly vault: Vault | null;
  /**
   * Returns which of these people consent now. It is called again before a month is written, because reading
   * the logs takes time. Default: the people that the network was opened with.
   */
  readonly consenting?: ((ids: readonly string[]) => Iterable<string>) | undefined;
}

const NAME = /^(\d{4})-(\d{2})\.(parquet|sealed)$/;
const COLUMNS = "month, ab, ba, calls, messages, seconds, days, first, last";

export interface KeptFile {
  readonly name: string;
  readonly month: number;
  readonly isSealed: boolean;
}

/**
 * Runs work while no other process writes months. A withdrawal is recorded before the person is removed, and
 * a writer checks all consents under this lock, so neither can miss the other.
 */
export async function whileKept<T>(
  { folder }: Pick<KeptMonths, "folder">,
  work: () => Promise<T>,
): Promise<T> {
  await makeFolder(folder, PRIVATE);
  const names = { what: "a lock", corrupt: "ERR_OUTPUT_UNWRITABLE", busy: "ERR_STORE_BUSY" } as const;
  const corruptHint = "Delete the file: something else wrote it.";
  return whileLocked(join(folder, ".writer.lock"), { ...names, corruptHint }, work);
}

/** The months in a folder, as numbers. */
export async function listMonths({ folder }: Pick<KeptMonths, "folder">): Promise<readonly KeptFile[]> {
  const names = await listNames(folder);
  return names.flatMap((name) => {
    const parts = NAME.exec(name);
    if (parts === null) return [];
    return [{ name, month: Number(parts[1]) * 12 + Number(parts[2]), isSealed: parts[3] === "sealed" }];
  });
}

/**
 * Adds the kept months to `network_months`, only pairs who both still consent. Rows of others are removed
 * from their files.
 *
 * @param except months that are there already
 * @throws ERR_KEY_REQUIRED, ERR_KEY_WRONG
 */
export async function readMonths(
  database: Database,
  kept: KeptMonths,
  except: readonly number[],
): Promise<void> {
  for (const file of await listMonths(kept)) {
    if (except.includes(file.month)) continue;
    const path = await openMonth(database, kept, file);
    await database.run(`INSERT INTO network_months SELECT month, least(p.n, q.n), greatest(p.n, q.n),
        CASE WHEN p.n < q.n THEN ab ELSE ba END, CASE WHEN p.n < q.n THEN ba ELSE ab END,
        calls, messages, seconds, days, first, last
      FROM read_parquet(${quoteFile(path)}) m
      JOIN network_people p ON p.id = m.a JOIN network_people q ON q.id = m.b`);
    await rm(path);
    await keepOnly(database, kept, { file, where: CONSENTING });
  }
}

/**
 * Keeps the months of `network_months` that are over and are not kept yet.
 *
 * @param before the present month, which is not over
 */
export async function writeMonths(database: Database, kept: KeptMonths, before: number): Promise<void> {
  const known = (await listMonths(kept)).map(({ month }) => month);
  const found = await database.all(
    `SELECT DISTINCT month FROM network_months WHERE month < ${before} ORDER BY month`,
  );
  for (const { month } of found) {
    if (known.includes(Number(month))) continue;
    await whileKept(kept, () => writeMonth(database, kept, Number(month)));
  }
}

/**
 * Removes people from every kept month.
 *
 * @param isGone returns those of the given ids that are to be removed
 * @returns the number of removed rows
 */
export async function forgetPeople(
  database: Database,
  kept: KeptMonths & { readonly files: readonly KeptFile[] },
  isGone: (ids: readonly string[]) => readonly string[],
): Promise<number> {
  let rows = 0;
  for (const file of kept.files) {
    const path = await openMonth(database, kept, file);
    const from = `read_parquet(${quoteFile(path)})`;
    const found = await database.all(`SELECT a AS id FROM ${from} UNION SELECT b FROM ${from}`);
    await rm(path);
    const gone = isGone(found.map(({ id }) => String(id)));
    if (gone.length === 0) continue;
    const list = `[${gone.map(quoteText).join(", ")}]`;
    const where = `NOT list_contains(${list}, a) AND NOT list_contains(${list}, b)`;
    rows += await keepOnly(database, kept, { file, where });
  }
  return rows;
}

const CONSENTING = "a IN (SELECT id FROM network_people) AND b IN (SELECT id FROM network_people)";

/**
 * Rewrites a kept month with the rows that satisfy a condition.
 *
 * @returns the number of removed rows
 */
async function keepOnly(
  database: Database,
  kept: KeptMonths,
  { file, where }: { readonly file: KeptFile; readonly where: string },
): Promise<number> {
  const rewrite = async (isWritten: boolean) => {
    const path = await openMonth(database, kept, file);
    const from = `read_parquet(${quoteFile(path)})`;
    const [found] = await database.all(`SELECT count(*)::DOUBLE AS n FROM ${from} WHERE NOT (${where})`);
    const gone = Number(found?.n ?? 0);
    if (gone > 0 && isWritten)
      await saveMonth(database, kept, { ...file, select: `SELECT * FROM ${from} WHERE ${where}` });
    await rm(path);
    return gone;
  };
  // Most files have nothing to remove, and need no lock.
  return (await rewrite(false)) === 0 ? 0 : whileKept(kept, () => rewrite(true));
}

async function writeMonth(database: Database, kept: KeptMonths, month: number): Promise<void> {
  const year = Math.floor((month - 1) / 12);
  const name = `${year}-${String(month - 12 * year).padStart(2, "0")}`;
  const isSealed = kept.vault !== null;
  const gone = await findGone(database, kept, month);
  const select = `SELECT p.id AS a, q.id AS b, ${COLUMNS} FROM network_months m
    JOIN network_people p ON p.n = m.a JOIN network_people q ON q.n = m.b
    WHERE month = ${month} AND NOT list_contains(${gone}, p.id) AND NOT list_contains(${gone}, q.id)`;
  await saveMonth(database, kept, { name: `${name}.${isSealed ? "sealed" : "parquet"}`, isSealed, select });
}

/** SQL list of the people of a month who have withdrawn since the logs were opened. */
async function findGone(database: Database, { consenting }: KeptMonths, month: number): Promise<string> {
  if (consenting === undefined) return "[]::VARCHAR[]";
  const found = await database.all(`SELECT DISTINCT p.id FROM network_months m
    JOIN network_people p ON p.n = m.a OR p.n = m.b WHERE month = ${month}`);
  const ids = found.map(({ id }) => String(id));
  const still = new Set(consenting(ids));
  return `[${ids
    .filter((id) => !still.has(id))
    .map(quoteText)
    .join(", ")}]::VARCHAR[]`;
}

async function saveMonth(
  database: Database,
  { folder, vault }: KeptMonths,
  { name, isSealed, select }: { readonly name: string; readonly isSealed: boolean; readonly select: string },
): Promise<void> {
  await mkdir(database.folder, { recursive: true, mode: 0o700 });
  const path = join(database.folder, `new-${name}`);
  await database.run(`COPY (${select}) TO ${quoteText(path)} (FORMAT parquet)`);
  const bytes = await readFile(path);
  await rm(path);
  const sealed = isSealed && vault !== null ? vault.sealBytes(bytes, name) : bytes;
  await writeFileAtomic(join(folder, name), sealed, 0o600);
}

/** A copy of a month that the database can read; remove it. */
async function openMonth(database: Database, kept: KeptMonths, file: KeptFile): Promise<string> {
  return inScratch(database, file.name, openFile(await readFile(join(kept.folder, file.name)), file, kept));
}

export function openFile(
  bytes: Buffer,
  { name, isSealed }: Pick<KeptFile, "name" | "isSealed">,
  { vault }: Pick<KeptMonths, "vault">,
): Uint8Array {
  if (!isSealed) return bytes;
  if (vault !== null) return vault.openBytes(bytes, name);
  throw new LookalikeError("ERR_KEY_REQUIRED", `Expected the key of ${name} but received none`, {
    hint: "Pass the key that the months were sealed with: --key-file or LOOKALIKE_KEY_FILE.",
  });
}

async function inScratch(database: Database, name: string, bytes: Uint8Array): Promise<string> {
  await mkdir(database.folder, { recursive: true, mode: 0o700 });
  const path = join(database.folder, `${name}.parquet`);
  await writeFile(path, bytes, { mode: 0o600 });
  return path;
}
