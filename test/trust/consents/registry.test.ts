import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openConsents } from "../../../src/trust/index.ts";
import { createVault } from "../../../src/trust/vault.ts";
import { folderOfTest } from "../../temporary.ts";
import { consent, describeRegistry } from "./contract.ts";

async function open(folder: string, vault?: ReturnType<typeof createVault>) {
  const registry = await openConsents(join(folder, "consents.db"), { vault });
  onTestFinished(() => registry.close());
  return registry;
}

describeRegistry((folder) => openConsents(join(folder, "consents.db")));

describe("the registry's file", () => {
  it("is private, encrypted under a key, and refused under another or when it is none", async () => {
    const folder = folderOfTest();
    const vault = createVault(Buffer.alloc(32, 1));
    const registry = await open(folder, vault);
    registry.record(consent({ customerId: "erika-muster" }));
    expect((await stat(registry.path)).mode & 0o777).toBe(0o600);
    for (const name of await readdir(folder)) {
      expect((await readFile(join(folder, name))).includes("erika")).toBe(false);
    }
    await expect(openConsents(registry.path)).rejects.toMatchObject({ code: "ERR_KEY_REQUIRED" });
    await expect(
      openConsents(registry.path, { vault: createVault(Buffer.alloc(32, 2)) }),
    ).rejects.toMatchObject({ code: "ERR_KEY_WRONG" });
    const broken = join(folder, "broken.db");
    await writeFile(broken, "x".repeat(5000));
    await expect(openConsents(broken)).rejects.toMatchObject({ code: "ERR_STORE_CORRUPT" });
    await expect(openConsents(join(broken, "below.db"))).rejects.toMatchObject({
      code: "ERR_OUTPUT_UNWRITABLE",
    });
  });

  it("says that another process is writing rather than waiting for ever", async () => {
    const folder = folderOfTest();
    const registry = await open(folder);
    registry.record(consent());
    const { openSqlite } = await import("../../../src/io/sqlite/index.ts");
    const names = {
      what: "",
      corrupt: "ERR_STORE_CORRUPT",
      busy: "ERR_STORE_BUSY",
      corruptHint: "",
    } as const;
    const [first, second] = [1, 2].map(() => openSqlite(registry.path, { names, timeoutMs: 20 }));
    first?.exec("BEGIN IMMEDIATE");
    expect(() => second?.exec("BEGIN IMMEDIATE")).toThrow(
      expect.objectContaining({ code: "ERR_STORE_BUSY" }),
    );
    first?.close();
    second?.close();
  });
});
