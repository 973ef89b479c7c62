import { randomBytes } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openSqlite, rekeySqlite, type StoreNames } from "../../src/io/sqlite/index.ts";
import { createVault, findVault, writeKeyFile } from "../../src/trust/vault.ts";
import { folderOfTest } from "../temporary.ts";

const NAMES: StoreNames = {
  what: "a store",
  corrupt: "ERR_GALLERY_CORRUPT",
  busy: "ERR_GALLERY_BUSY",
  corruptHint: "",
};

const vault = createVault(Buffer.alloc(32, 7));
const other = createVault(Buffer.alloc(32, 8));

describe("a key", () => {
  it("is made once, private, and read back from file or environment in each spelling", async () => {
    const folder = folderOfTest();
    const path = join(folder, "key");
    const made = await writeKeyFile(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await expect(writeKeyFile(path)).rejects.toMatchObject({ code: "ERR_KEY_INVALID" });
    const raw = Buffer.from((await readFile(path, "utf8")).trim(), "hex");
    for (const spelling of [raw, raw.toString("base64"), ` ${raw.toString("hex").toUpperCase()}\n`]) {
      await writeFile(path, spelling);
      expect((await findVault({ keyFile: path }))?.keyId).toBe(made.keyId);
    }
    expect((await findVault({ env: { LOOKALIKE_KEY_FILE: path } }))?.keyId).toBe(made.keyId);
    expect((await findVault({ env: { LOOKALIKE_KEY: raw.toString("base64") } }))?.keyId).toBe(made.keyId);
    expect(await findVault({ env: {} })).toBeNull();
  });

  it("is refused when it is missing or no key, without quoting it", async () => {
    const path = join(folderOfTest(), "key");
    await expect(findVault({ keyFile: path })).rejects.toMatchObject({ code: "ERR_KEY_INVALID" });
    await writeFile(path, "correct horse battery staple");
    const refusal = findVault({ keyFile: path });
    await expect(refusal).rejects.toMatchObject({ code: "ERR_KEY_INVALID" });
    await expect(refusal).rejects.not.toThrow(/horse/);
  });

  it("gives every purpose another key", () => {
    expect(vault.derive("a")).not.toEqual(vault.derive("b"));
    expect(vault.derive("a")).not.toEqual(other.derive("a"));
    expect(vault.derive("a")).toEqual(createVault(Buffer.alloc(32, 7)).derive("a"));
  });
});

describe("sealed text", () => {
  it("opens at its own place under its own key, and nowhere else", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (text, place) => {
        const sealed = vault.sealText(text, place);
        expect(vault.openText(sealed, place)).toBe(text);
        expect(() => vault.openText(sealed, `${place}!`)).toThrow(
          expect.objectContaining({ code: "ERR_KEY_WRONG" }),
        );
        expect(() => other.openText(sealed, place)).toThrow(
          expect.objectContaining({ code: "ERR_KEY_WRONG" }),
        );
      }),
      { seed: 1, numRuns: 50 },
    );
  });
});

describe("sealed bytes", () => {
  const data = randomBytes(2_500_000);
  const sealed = vault.sealBytes(data, "faces");

  it("come back whole over chunks, and hold nothing readable", () => {
    expect(vault.openBytes(sealed, "faces").equals(data)).toBe(true);
    expect(vault.openBytes(vault.sealBytes(Buffer.alloc(0), "x"), "x")).toHaveLength(0);
    expect(sealed.includes(data.subarray(1000, 1032))).toBe(false);
    expect(vault.sealBytes(data, "faces").equals(sealed)).toBe(false);
  });

  it("are refused after any change of a byte, cut, exchange of chunks, or under another key", () => {
    const refused = expect.objectContaining({ code: "ERR_KEY_WRONG" });
    const changed = (at: number) => {
      const copy = Buffer.from(sealed);
      copy[at] = (copy[at] ?? 0) ^ 1;
      return copy;
    };
    for (const at of [0, 3, 5, 15, 28, 40, 1_100_000, sealed.length - 1]) {
      expect(() => vault.openBytes(changed(at), "faces")).toThrow(refused);
    }
    const head = 28;
    const step = 2 ** 20 + 28;
    const swapped = Buffer.concat([
      sealed.subarray(0, head),
      sealed.subarray(head + step, head + 2 * step),
      sealed.subarray(head, head + step),
      sealed.subarray(head + 2 * step),
    ]);
    expect(() => vault.openBytes(swapped, "faces")).toThrow(refused);
    for (const length of [0, 3, 27, 28, 60, head + step, head + 2 * step, sealed.length - 1]) {
      expect(() => vault.openBytes(sealed.subarray(0, length), "faces")).toThrow(refused);
    }
    expect(() => vault.openBytes(sealed, "elsewhere")).toThrow(refused);
    expect(() => other.openBytes(sealed, "faces")).toThrow(refused);
  });
});

describe("an encrypted database", () => {
  const write = (path: string, key: string | undefined) => {
    const database = openSqlite(path, { names: NAMES, key });
    database.exec(
      "PRAGMA journal_mode = WAL; CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('Erika Muster')",
    );
    return database;
  };
  const count = (path: string, key?: string) => {
    const database = openSqlite(path, { names: NAMES, key });
    try {
      return database.prepare("SELECT count(*) AS n FROM t").get()?.n;
    } finally {
      database.close();
    }
  };

  it("shows no byte of its rows in any of its files, and is its owner's alone", async () => {
    const path = join(folderOfTest(), "a.db");
    const clear = join(folderOfTest(), "b.db");
    const [database, plain] = [write(path, vault.databaseKey), write(clear, undefined)];
    const log = await readFile(`${path}-wal`);
    expect((await readFile(`${clear}-wal`)).includes("Muster")).toBe(true);
    expect([log.length > 0, log.includes("Muster")]).toEqual([true, false]);
    database.close();
    plain.close();
    expect((await readFile(clear)).includes("Muster")).toBe(true);
    expect((await readFile(path)).includes("Muster")).toBe(false);
    expect((await readFile(path)).includes("SQLite")).toBe(false);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("tells no key, a wrong key, a key too many and a damaged file apart", async () => {
    const path = join(folderOfTest(), "a.db");
    write(path, vault.databaseKey).close();
    const code = (key?: string) => {
      try {
        count(path, key);
        return "opened";
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(code(vault.databaseKey)).toBe("opened");
    expect(code()).toBe("ERR_KEY_REQUIRED");
    expect(code(other.databaseKey)).toBe("ERR_KEY_WRONG");
    await rekeySqlite(path, { names: NAMES, key: vault.databaseKey }, other.databaseKey);
    expect([code(vault.databaseKey), code(other.databaseKey)]).toEqual(["ERR_KEY_WRONG", "opened"]);
    await rekeySqlite(path, { names: NAMES, key: other.databaseKey }, undefined);
    expect([code(other.databaseKey), code()]).toEqual(["ERR_KEY_WRONG", "opened"]);
    await writeFile(path, randomBytes(8192).fill(0, 16, 24));
    expect([code(), code(vault.databaseKey)]).toEqual(["ERR_GALLERY_CORRUPT", "ERR_GALLERY_CORRUPT"]);
  });
});
