import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LookalikeError } from "../../core/index.ts";
import { type Database, quoteFile, quoteText } from "../../io/duckdb/index.ts";
import { reason, writeFileAtomic } from "../../io/files.ts";
import type { Vault } from "../../trust/index.ts";

/** Months of ties between runs: one file each, of pairs who both consented when it was written. */
export interface KeptMonths {
  readonly folder: string;
  readonly vault: Vault | null;
}

const NAME = /^(\d{4})-(\d{2})\.(parquet|sealed)$/;
const COLUMNS = "month, ab, ba, calls, messages, seconds, days, first, last";

interface KeptFile {
  readonly name: string;
  readonly month: number;
  readonly isSealed: boolean;
}

/** The months that a folder has, as numbers. */
export async function listMonths({ folder }: Pick<KeptMonths, "folder">): Promise<readonly KeptFile[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.flatMap((name) => {
    const parts = NAME.exec(name);
    if (parts === null) return [];
    return [{ name, month: Number(parts[1]) * 12 + Number(parts[2]), isSealed: parts[3] === "sealed" }];
  });
}

/**
 * Adds the kept months to `network_months`: only pairs of whom both still consent. Rows of others are removed from their files.
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
    const bytes = openFile(await readFile(join(kept.folder, file.name)), file, kept);
    const path = await inScratch(database, file.name, bytes);
    await database.run(`INSERT INTO network_months SELECT month, least(p.n, q.n), greatest(p.n, q.n),
        CASE WHEN p.n < q.n THEN ab ELSE ba END, CASE WHEN p.n < q.n THEN ba ELSE ab END,
        calls, messages, seconds, days, first, last
      FROM read_parquet(${quoteFile(path)}) m
      JOIN network_people p ON p.id = m.a JOIN network_people q ON q.id = m.b`);
    await keepOnly(database, kept, { file, path, where: CONSENTING });
    await rm(path);
  }
}

/** Keeps the months of `network_months` that are over and are not kept yet. @param before the present month, which is not over */
export async function writeMonths(database: Database, kept: KeptMonths, before: number): Promise<void> {
  const known = (await listMonths(kept)).map(({ month }) => month);
  const found = await database.all(
    `SELECT DISTINCT month FROM network_months WHERE month < ${before} ORDER BY month`,
  );
  for (const { month } of found) {
    if (!known.includes(Number(month))) await writeMonth(database, kept, Number(month));
  }
}

/**
 * Removes a person from every kept month.
 * @returns how many rows went
 */
export async function forgetPerson(database: Database, kept: KeptMonths, id: string): Promise<number> {
  let rows = 0;
  for (const file of await listMonths(kept)) {
    const bytes = openFile(await readFile(join(kept.folder, file.name)), file, kept);
    const path = await inScratch(database, file.name, bytes);
    const where = `a <> ${quoteText(id)} AND b <> ${quoteText(id)}`;
    rows += await keepOnly(database, kept, { file, path, where });
    await rm(path);
  }
  return rows;
}

const CONSENTING = "a IN (SELECT id FROM network_people) AND b IN (SELECT id FROM network_people)";

/** Rewrites a kept month with the rows that a condition holds for. @returns how many rows went */
async function keepOnly(
  database: Database,
  kept: KeptMonths,
  { file, path, where }: { readonly file: KeptFile; readonly path: string; readonly where: string },
): Promise<number> {
  const from = `read_parquet(${quoteFile(path)})`;
  const [found] = await database.all(`SELECT count(*)::DOUBLE AS n FROM ${from} WHERE NOT (${where})`);
  const gone = Number(found?.n ?? 0);
  if (gone > 0) await saveMonth(database, kept, { ...file, select: `SELECT * FROM ${from} WHERE ${where}` });
  return gone;
}

async function writeMonth(database: Database, kept: KeptMonths, month: number): Promise<void> {
  const year = Math.floor((month - 1) / 12);
  const name = `${year}-${String(month - 12 * year).padStart(2, "0")}`;
  const isSealed = kept.vault !== null;
  const select = `SELECT p.id AS a, q.id AS b, ${COLUMNS} FROM network_months m
    JOIN network_people p ON p.n = m.a JOIN network_people q ON q.n = m.b WHERE month = ${month}`;
  await saveMonth(database, kept, { name: `${name}.${isSealed ? "sealed" : "parquet"}`, isSealed, select });
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
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause) => {
    throw new LookalikeError("ERR_OUTPUT_UNWRITABLE", `Could not create ${folder}: ${reason(cause)}`, {
      cause,
    });
  });
  const sealed = isSealed && vault !== null ? vault.sealBytes(bytes, name) : bytes;
  await writeFileAtomic(join(folder, name), sealed, 0o600);
}

function openFile(
  bytes: Buffer,
  { name, isSealed }: Pick<KeptFile, "name" | "isSealed">,
  { vault }: KeptMonths,
): Uint8Array {
  if (!isSealed) return bytes;
  if (vault !== null) return vault.openBytes(bytes, name);
  throw new LookalikeError("ERR_KEY_REQUIRED", `Expected the key of ${name} but received none`, {
    hint: "Give the key that the months were sealed with: --key-file or LOOKALIKE_KEY_FILE.",
  });
}

async function inScratch(database: Database, name: string, bytes: Uint8Array): Promise<string> {
  await mkdir(database.folder, { recursive: true, mode: 0o700 });
  const path = join(database.folder, `${name}.parquet`);
  await writeFile(path, bytes, { mode: 0o600 });
  return path;
}
