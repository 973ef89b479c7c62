import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type ConsentRegistry, createVault, openConsents } from "../../../src/trust/index.ts";
import { folderOfTest } from "../../temporary.ts";
import { AT } from "./contract.ts";
import { withdrawElsewhere } from "./elsewhere.ts";

it.each([
  ["twice", 2],
  ["three times", 3],
])("a process that has the registry open %s sees what others withdraw", async (_, count) => {
  const path = join(folderOfTest(), "consents.db");
  const registries: ConsentRegistry[] = [];
  for (let i = 0; i < count; i++) registries.push(await openConsents(path));
  onTestFinished(() => {
    for (const registry of registries) registry.close();
  });
  const watched = registries.map((registry) => registry.watchStopped());
  // A lost lock lets the other process remove the log of changes, so that the second withdrawal would be missed.
  for (const id of ["a", "b"]) {
    await withdrawElsewhere(path, id);
    for (const registry of registries)
      expect([...registry.stopped(["a", "b", "c"], { at: AT }).keys()]).toContain(id);
    for (const stopped of watched) expect([...stopped(["a", "b", "c"], { at: AT }).keys()]).toContain(id);
  }
});

it("a second opening by another path, or with a key that does not fit, loses no lock", async () => {
  const folder = folderOfTest();
  const path = join(folder, "consents.db");
  const registry = await openConsents(path);
  symlinkSync(folder, join(folder, "link"));
  const linked = await openConsents(join(folder, "link", "consents.db"));
  onTestFinished(() => {
    registry.close();
    linked.close();
  });
  const vault = createVault(Buffer.alloc(32, 7));
  await expect(openConsents(path, { vault })).rejects.toMatchObject({ code: "ERR_KEY_WRONG" });
  for (const id of ["a", "b"]) {
    await withdrawElsewhere(path, id);
    expect([...registry.stopped([id], { at: AT }).keys()]).toEqual([id]);
  }
});
