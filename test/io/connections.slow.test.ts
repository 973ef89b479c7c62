import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqlite, type StoreNames } from "../../src/io/sqlite/index.ts";
import { built } from "../built.ts";

const NAMES: StoreNames = {
  what: "a store",
  corrupt: "ERR_STORE_CORRUPT",
  busy: "ERR_STORE_BUSY",
  corruptHint: "Restore it.",
};

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lookalike-test-"));
  path = join(folder, "store.db");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Another process adds one to the number and closes the file; returns what it found. */
async function addElsewhere(): Promise<number> {
  const code = `import { openSqlite } from ${JSON.stringify(await built("io/sqlite/index.js"))};
    const database = openSqlite(${JSON.stringify(path)}, { names: ${JSON.stringify(NAMES)} });
    const { n } = database.prepare("SELECT n FROM numbers").get();
    database.exec("UPDATE numbers SET n = n + 1");
    database.close();
    console.log(n);`;
  return Number(execFileSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" }));
}

function openWithNumber() {
  const database = openSqlite(path, { names: NAMES });
  database.pragma("journal_mode = WAL");
  database.exec("CREATE TABLE IF NOT EXISTS numbers (n INTEGER)");
  return { database, read: database.prepare("SELECT n FROM numbers") };
}

/** What opens the file beside the connections of this process. */
const LOOKS: Readonly<Record<string, () => void>> = {
  "a wrong key": () => {
    const database = openSqlite(path, { names: NAMES, key: "ab".repeat(32) });
    expect(() => database.pragma("schema_version")).toThrow(
      expect.objectContaining({ code: "ERR_KEY_WRONG" }),
    );
    database.close();
  },
  "a reader that may be unable to write": () => openSqlite(path, { names: NAMES, canOnlyRead: true }).close(),
};

describe.each(Object.entries(LOOKS))("after %s, beside a closed connection with statements", (_, look) => {
  it("changes pass between the processes in both directions", async () => {
    const first = openWithNumber();
    first.database.exec("INSERT INTO numbers VALUES (1)");
    expect(first.read.get()?.n).toBe(1);
    // libsql keeps the file open until the statement is collected.
    first.database.close();
    look();
    const second = openWithNumber();
    expect(await addElsewhere()).toBe(1);
    expect(second.read.get()?.n).toBe(2);
    second.database.exec("UPDATE numbers SET n = n + 10");
    expect(await addElsewhere()).toBe(12);
    expect(second.read.get()?.n).toBe(13);
    second.database.close();
    expect(first.read).toBeDefined();
  });
});
