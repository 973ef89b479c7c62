import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openSqlite, rekeySqlite, useStore } from "../../src/io/sqlite/index.ts";
import { folderOfTest } from "../temporary.ts";

const names = {
  what: "a store",
  corrupt: "ERR_STORE_CORRUPT",
  busy: "ERR_STORE_BUSY",
  corruptHint: "Restore it.",
} as const;
const KEY = "1".repeat(64);

async function makeStore(): Promise<{ readonly folder: string; readonly path: string }> {
  const folder = folderOfTest();
  const path = join(folder, "a.db");
  const database = openSqlite(path, { names });
  database.pragma("journal_mode = WAL");
  database.exec("CREATE TABLE people (name TEXT); INSERT INTO people VALUES ('a'), ('b')");
  database.close();
  return { folder, path };
}

function namesOf(path: string, key?: string): unknown[] {
  const database = openSqlite(path, { names, key });
  try {
    return database
      .prepare("SELECT name FROM people ORDER BY name")
      .all()
      .map(({ name }) => name);
  } finally {
    database.close();
  }
}

/** Without the log that the present file has of its own. */
async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => !/^a\.db-(wal|shm)$/.test(name)).sort();
}

describe("a change of key", () => {
  it("waits for nobody: while somebody uses the store it is refused, and nothing changes", async () => {
    const { path } = await makeStore();
    const use = useStore(path, names);
    await expect(rekeySqlite(path, { names }, KEY)).rejects.toMatchObject({ code: "ERR_STORE_BUSY" });
    expect(namesOf(path)).toEqual(["a", "b"]);
    use.end();
    await rekeySqlite(path, { names }, KEY);
    expect(namesOf(path, KEY)).toEqual(["a", "b"]);
  });

  it("keeps others out as long as it takes, so that nothing is written to the file that goes", async () => {
    const { path } = await makeStore();
    let outcome: unknown = null;
    await rekeySqlite(path, { names }, KEY, {
      change() {
        try {
          useStore(path, names, 10).end();
        } catch (error) {
          outcome = (error as { code: string }).code;
        }
      },
    });
    expect(outcome).toBe("ERR_STORE_BUSY");
    useStore(path, names, 10).end();
  });

  it("reads nothing of what killed attempts left, and leaves nothing itself", async () => {
    const { folder, path } = await makeStore();
    const stale = [
      "a.db.rekey",
      "a.db.rekey-journal",
      "a.db.rekey-wal",
      ".a.db.0123ab-1-x.0123456789ab.tmp-journal",
    ];
    for (const name of stale) await writeFile(join(folder, name), "rubbish of a killed attempt");
    await rekeySqlite(path, { names }, KEY, {
      change: (database) => database.exec("UPDATE people SET name = name || '!'"),
    });
    expect(namesOf(path, KEY)).toEqual(["a!", "b!"]);
    expect(await namesIn(folder)).toEqual(["a.db", "a.db.lock"]);
  });

  it.each([
    [
      "rows",
      (database: ReturnType<typeof openSqlite>) => database.exec("DELETE FROM people WHERE name = 'a'"),
    ],
    ["a table", (database: ReturnType<typeof openSqlite>) => database.exec("DROP TABLE people")],
  ])("that would lose %s does not take the file's place", async (_, change) => {
    const { folder, path } = await makeStore();
    await expect(rekeySqlite(path, { names }, KEY, { change })).rejects.toMatchObject({
      code: "ERR_STORE_CORRUPT",
    });
    expect(namesOf(path)).toEqual(["a", "b"]);
    expect(await namesIn(folder)).toEqual(["a.db", "a.db.lock"]);
  });

  it("that the caller finds wrong does not either", async () => {
    const { path } = await makeStore();
    const verify = () => {
      throw new Error("not the same");
    };
    await expect(rekeySqlite(path, { names }, KEY, { verify })).rejects.toThrow("not the same");
    expect(namesOf(path)).toEqual(["a", "b"]);
  });
});
