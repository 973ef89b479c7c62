import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Random } from "../../src/core/index.ts";
import { isLookalikeError } from "../../src/core/index.ts";
import { openCustomers, readExperiment } from "../../src/customers/index.ts";
import { openDatabase, quoteText } from "../../src/io/duckdb/index.ts";
import { openConsents } from "../../src/trust/index.ts";
import { HANG_MS } from "./images.ts";
import { MUTATIONS } from "./mutations.ts";

/** Tables that were made to hurt, and what their readers do with them. */

export interface HostileTable {
  readonly name: string;
  /** Of the file that it is written to. */
  readonly ending: string;
  readonly role: Role;
  readonly bytes: Buffer;
}

type Role = "customers" | "calls" | "usage" | "experiment" | "consents";

const SELECTS: Readonly<Record<Role, string>> = {
  customers: `SELECT 'c-' || i AS customer_id, 18 + i % 60 AS age, ['S', 'M', 'L'][1 + i % 3] AS plan,
    'portraits/' || i || '.png' AS photo, TIMESTAMP '2026-01-01' + INTERVAL (i) HOUR AS consent_biometric,
    NULL::DATE AS consent_expires, i % 2 = 0 AS is_new, [i, i + 1] AS visits, {'a': i} AS nested`,
  calls: `SELECT 'c-' || (i % 40) AS caller_id, 'c-' || (i * 7 % 40) AS callee_id,
    TIMESTAMP '2026-01-01' + INTERVAL (i) MINUTE AS started_at, i % 300 AS duration_s,
    ['Apple', 'Samsung', 'Nokia'][1 + i // 80] AS device_manufacturer`,
  usage: `SELECT 'c-' || (i % 40) AS subscriber_id, TIMESTAMP '2026-01-01' + INTERVAL (i) MINUTE AS at,
    i * 1000 AS bytes, ['Apple', 'Samsung'][1 + i // 120] AS device_manufacturer`,
  experiment: `SELECT 'x-' || i AS customer_id, ['none', 'apple'][1 + i % 2] AS offer_id, i % 5 = 0 AS converted,
    i / 3.0 AS value, 0.5::FLOAT AS propensity, 20 + i % 50 AS age`,
  consents: `SELECT 'c-' || i AS customer_id, 'face_matching' AS purpose, DATE '2026-01-01' AS given_at,
    'written' AS method, 'v1' AS notice_version`,
};

const ROLES = Object.keys(SELECTS) as Role[];
const COPIES: readonly { readonly ending: string; readonly options: string }[] = [
  { ending: "parquet", options: "FORMAT parquet, COMPRESSION zstd" },
  { ending: "parquet", options: "FORMAT parquet, COMPRESSION uncompressed, PARQUET_VERSION v2" },
  { ending: "parquet", options: "FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 2048" },
  { ending: "json", options: "FORMAT json" },
  { ending: "csv", options: "FORMAT csv, HEADER" },
];

/** Mutations of small tables, three times in five Parquet, for every reader in turn. */
export async function* mutatedTables(
  random: Random,
  count: number,
  folder: string,
): AsyncGenerator<HostileTable> {
  const originals: HostileTable[] = [];
  for (const role of ROLES) {
    for (const { ending, options } of COPIES) {
      const path = join(folder, `original.${ending}`);
      const database = await openDatabase({ files: [path] });
      await database.run(
        `COPY (${SELECTS[role]} FROM range(240) AS r(i)) TO ${quoteText(path)} (${options})`,
      );
      await database.close();
      const bytes = readFileSync(path);
      originals.push({ name: `${ending} as ${role}`, ending, role, bytes });
      if (ending === "csv") {
        originals.push({ name: `${ending}.gz as ${role}`, ending: "csv.gz", role, bytes: gzipSync(bytes) });
      }
      rmSync(path);
    }
  }
  const mutations = Object.values(MUTATIONS);
  for (let i = 0; i < count; i++) {
    const original = originals[i % originals.length];
    const mutate = mutations[Math.floor(i / originals.length) % mutations.length];
    if (original === undefined || mutate === undefined) return;
    yield { ...original, bytes: mutate(original.bytes, random) };
  }
}

/** Reads a table to its end: `read`, the code of the refusal, or, which must not be, what else happened. */
export async function tryTable({ ending, role, bytes }: HostileTable, folder: string): Promise<string> {
  const path = join(folder, `hostile.${ending}`);
  writeFileSync(path, bytes);
  const startedAt = performance.now();
  const outcome = await read(role, path, folder).then(
    () => "read",
    (error: unknown) => (isLookalikeError(error) ? error.code : `uncoded: ${String(error)}`),
  );
  return performance.now() - startedAt > HANG_MS ? "hang" : outcome;
}

async function read(role: Role, source: string, folder: string): Promise<void> {
  const now = new Date("2026-11-21T12:00:00Z");
  const resources = { memoryMb: 256, threads: 2 };
  if (role === "experiment") return void (await readExperiment(source, { resources }));
  if (role === "consents") {
    const consents = await openConsents(join(folder, "consents.db"));
    return consents
      .import(source, { at: now })
      .then(() => {})
      .finally(consents.close);
  }
  const customers = await openCustomers({ [role]: { source }, resources });
  try {
    if (role !== "customers") return void (await customers.transitions());
    for await (const _ of await customers.read({ now }));
  } finally {
    await customers.close();
  }
}
