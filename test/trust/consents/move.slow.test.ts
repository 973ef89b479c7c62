import { randomBytes } from "node:crypto";
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { openPostgres, type Postgres } from "../../../src/io/postgres/index.ts";
import {
  type ConsentRegistry,
  createVault,
  moveConsents,
  openConsents,
  openConsentsInPostgres,
  openPrivacyFolder,
} from "../../../src/trust/index.ts";
import { lookalike } from "../../cli/capture.ts";
import { startDatabase, type TestDatabase } from "../../cluster/postgres.ts";
import { folderOfTest } from "../../temporary.ts";
import { AT, consent } from "./contract.ts";

let database: TestDatabase;
let postgres: Postgres;

beforeAll(async () => {
  database = await startDatabase();
  postgres = await openPostgres(database.url);
});

afterAll(async () => {
  await postgres.close();
  await database.stop();
});

const newSchema = () => `m_${randomBytes(6).toString("hex")}`;
const before = new Date("2026-05-01T00:00:00Z");
const missing = { code: "ERR_CONSENTS_REQUIRED" };

/** Records of every kind, more than are copied in one statement, and ids that are awkward in SQL and JSON. */
async function writeRegistry(path: string, vault = createVault(Buffer.alloc(32, 7))) {
  const registry = await openConsents(path, { vault });
  const ids = ["c\\0\0\\", "ü'\"", "😀", ...Array.from({ length: 30 }, (_, i) => `c${i}`)];
  for (const customerId of ids) registry.record(consent({ customerId, notice: `n\\0 ${customerId}` }));
  registry.withdraw("c1", { at: before });
  registry.withdraw("c2", { at: new Date("2026-02-01T00:00:00Z") });
  registry.withdraw("unknown", { at: AT });
  registry.purge(new Date("2026-03-01T00:00:00Z"));
  registry.withdraw("ü'\"", { at: before, purpose: "photo" });
  for (const id of ["c3", "c\\0\0\\", "never seen"]) registry.erase(id, before);
  registry.permit("c4", ["c5"], null);
  return { registry, vault, ids: [...ids, "unknown", "never seen", "stranger"] };
}

/** All that a registry answers about some people. */
function answers(registry: ConsentRegistry, ids: readonly string[]) {
  const permit = registry.permit("c4", ["c5"], null);
  return {
    id: registry.id,
    stats: registry.stats(),
    of: ids.map((id) => [registry.of(id), registry.standing(id), registry.isErased(id)]),
    stopped: [...registry.stopped(ids, { at: AT })].sort(),
    permits: [...registry.endedPermits([{ customerId: "c4", permit }], AT)],
  };
}

it("every record, withdrawal, erasure and permit is in PostgreSQL, and the file is not used any more", async () => {
  const path = join(folderOfTest(), "consents.db");
  const { registry, vault, ids } = await writeRegistry(path);
  const [expected, { version }] = [answers(registry, ids), registry];
  registry.close();
  const schema = newSchema();
  const report = await moveConsents(path, database.url, { vault, schema });
  expect(report).toMatchObject({ consents: 31, withdrawals: 7, old_withdrawals: 3, erased: 3, permits: 1 });
  const moved = await openConsentsInPostgres(database.url, schema);
  onTestFinished(() => moved.close());
  expect(moved.version).toBeGreaterThanOrEqual(version);
  expect(answers(moved, ids)).toEqual(expected);
  expect([existsSync(path), existsSync(report.file)]).toEqual([false, true]);
  await expect(openConsents(path, { vault })).rejects.toMatchObject(missing);
  await expect(moveConsents(path, database.url, { vault, schema })).rejects.toMatchObject(missing);
});

it("a target that has a registry is refused, and the file stays in use", async () => {
  const path = join(folderOfTest(), "consents.db");
  const { registry, vault } = await writeRegistry(path);
  registry.close();
  const schema = newSchema();
  (await openConsentsInPostgres(database.url, schema)).close();
  await expect(moveConsents(path, database.url, { vault, schema })).rejects.toMatchObject(missing);
  await expect(moveConsents(path, database.url, { vault: null, schema })).rejects.toMatchObject({
    code: "ERR_KEY_REQUIRED",
  });
  (await openConsents(path, { vault })).close();
});

it("a withdrawal during the move is kept or rejected, never lost", async () => {
  const folder = folderOfTest();
  const path = join(folder, "consents.db");
  const { registry, vault } = await writeRegistry(path);
  const schema = newSchema();
  const move = () => moveConsents(path, database.url, { vault, schema });
  // A process that has the file open could still write to it.
  await expect(move()).rejects.toMatchObject({ code: "ERR_STORE_BUSY" });
  registry.withdraw("c7", { at: before });
  registry.close();
  // The move stops in the middle, until the lock is free.
  const lock = await openPostgres(database.url, { connections: 1 });
  await lock.query("SELECT pg_advisory_lock(hashtext($1))", [schema]);
  const waiting = async () =>
    postgres.query(
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%advisory%'",
    );
  const untilWaiting = async () => {
    while ((await waiting()).length === 0) await new Promise((done) => setTimeout(done, 20));
  };
  const first = move().catch((error: unknown) => error);
  await untilWaiting();
  const refuse = async () => {
    await expect(openConsents(path, { vault })).rejects.toMatchObject(missing);
    const options = { vault, actor: "test", database: database.url };
    await expect(openPrivacyFolder(folder, options)).rejects.toMatchObject(missing);
    await expect(openPrivacyFolder(folder, { vault, actor: "test" })).rejects.toMatchObject(missing);
  };
  await refuse();
  // The connection is cut: nothing was moved, and the registry stays closed until the move is run again.
  for (const { pid } of await waiting())
    await postgres.query("SELECT pg_terminate_backend($1)", [Number(pid)]);
  expect(await first).toMatchObject({ code: "ERR_POSTGRES_UNREACHABLE" });
  await refuse();
  await lock.close();
  await move();
  // A process that was killed between the commit and the last renaming.
  renameSync(`${path}.moved`, `${path}.moving`);
  expect(await move()).toMatchObject({ erased: 3, withdrawals: 10 });
  const moved = await openConsentsInPostgres(database.url, schema);
  onTestFinished(() => moved.close());
  expect(moved.stopped(["c7", "c8"], { at: AT })).toEqual(new Map([["c7", "withdrawn"]]));
  // A copy that lacks an erasure is found.
  renameSync(`${path}.moved`, `${path}.moving`);
  await postgres.query(`DELETE FROM ${schema}.erased WHERE hash = (SELECT min(hash) FROM ${schema}.erased)`);
  await expect(move()).rejects.toMatchObject(missing);
});

it("the command moves the folder's registry and records it", async () => {
  const folder = folderOfTest();
  const registry = await openConsents(join(folder, "consents.db"));
  registry.record(consent());
  registry.erase("c9", AT);
  registry.close();
  const args = ["consent", "move", "--privacy", folder, "--database", database.url];
  const { status, stdout } = await lookalike(...args, "--json");
  expect([status, JSON.parse(stdout)]).toMatchObject([0, { consents: 1, erased: 1, withdrawals: 0 }]);
  expect((await lookalike("audit", "list", "--privacy", folder)).stderr).toContain("ERR_CONSENTS_REQUIRED");
  using files = await openPrivacyFolder(folder, { vault: null, actor: "test", database: database.url });
  expect([...files.audit.entries({ action: "consent.move" })]).toHaveLength(1);
  expect(files.consents.isErased("c9")).toBe(true);
});
