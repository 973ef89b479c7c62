import { createHash } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { openPostgres, openPostgresSync, type PostgresSync } from "../../../src/io/postgres/index.ts";
import { openConsents, openConsentsInPostgres, openPrivacyFolder } from "../../../src/trust/index.ts";
import { startDatabase, type TestDatabase } from "../../cluster/postgres.ts";
import { folderOfTest } from "../../temporary.ts";
import { consent, describeRegistry } from "./contract.ts";

let database: TestDatabase;
let shared: readonly PostgresSync[] = [];
let opened = 0;

beforeAll(async () => {
  database = await startDatabase();
  shared = [await openPostgresSync(database.url), await openPostgresSync(database.url)];
});

afterAll(async () => {
  for (const connection of shared) connection.close();
  await database.stop();
});

describeRegistry((folder) => {
  const schema = `r_${createHash("sha256").update(folder).digest("hex").slice(0, 20)}`;
  // A connection starts a thread, which takes longer than most of these tests. Two that a test opens differ.
  const connect = async () => {
    const connection = shared[opened++ % 2];
    if (connection === undefined) throw new Error("no connection");
    return { ...connection, close: () => {} };
  };
  return openConsentsInPostgres(database.url, schema, connect);
});

describe("a registry in PostgreSQL", () => {
  it("is opened by its address, shows no password, and is the same for every process", async () => {
    const [registry, other] = [await openConsents(database.url), await openConsents(database.url)];
    onTestFinished(() => {
      registry.close();
      other.close();
    });
    expect([
      registry.path.includes("test@"),
      registry.path.startsWith("postgres://postgres@127.0.0.1"),
    ]).toEqual([false, true]);
    expect(registry.id).toBe(other.id);
    registry.record(consent({ customerId: "erika\\0 \0 \\" }));
    expect([...other.ids()]).toEqual(["erika\\0 \0 \\"]);
    expect(other.erasedAmong(["erika\\0 \0 \\"]).size).toBe(0);
    registry.erase("erika\\0 \0 \\", new Date());
    expect([...other.erasedAmong(["x", "erika\\0 \0 \\ "])]).toEqual(["erika\\0 \0 \\ "]);
    const postgres = await openPostgres(database.url);
    const rows = await postgres.query("SELECT count(*) AS n FROM lookalike_consents.consents");
    await postgres.close();
    expect(Number(rows[0]?.n)).toBe(0);
  });

  it("ends a permit when a contact withdraws on whom it depends, in another process too", async () => {
    const [registry, other] = [await openConsents(database.url), await openConsents(database.url)];
    onTestFinished(() => {
      registry.close();
      other.close();
    });
    const at = new Date();
    const ids = ["i", "j", "k", "l"];
    for (const customerId of ids) registry.record(consent({ customerId, purpose: "network" }));
    const permit = registry.permit("i", ["j", "k", "l"], null);
    expect(other.endedPermits([{ customerId: "i", permit }], at).size).toBe(0);
    registry.withdraw("l", { at, purpose: "network" });
    expect(other.endedPermits([{ customerId: "i", permit }], at)).toEqual(new Set([permit]));
    const postgres = await openPostgres(database.url);
    const rows = await postgres.query("SELECT count(*) AS n FROM lookalike_consents.permits");
    await postgres.close();
    expect(Number(rows[0]?.n)).toBe(0);
    for (const id of ids) registry.erase(id, at);
  });

  it("refuses a second registry beside the one in PostgreSQL", async () => {
    const folder = folderOfTest();
    (await openConsents(join(folder, "consents.db"))).close();
    const options = { vault: null, actor: "test", database: database.url };
    await expect(openPrivacyFolder(folder, options)).rejects.toMatchObject({ code: "ERR_CONSENTS_REQUIRED" });
  });

  it("undoes a change that fails half-way, and says what cannot be reached", async () => {
    const registry = await openConsents(database.url);
    onTestFinished(() => registry.close());
    registry.erase("gone", new Date());
    const { version } = registry;
    expect(() => registry.record(consent({ customerId: "gone" }))).toThrow(
      expect.objectContaining({ code: "ERR_CUSTOMER_ERASED" }),
    );
    expect(registry.version).toBe(version);
    await expect(openConsents("postgres://nobody@127.0.0.1:1/none")).rejects.toMatchObject({
      code: "ERR_POSTGRES_UNREACHABLE",
    });
  });
});
