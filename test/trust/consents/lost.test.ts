import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type AuditAction, type NewAuditEntry, openAudit } from "../../../src/trust/audit/log.ts";
import { openConsents } from "../../../src/trust/index.ts";
import { createVault } from "../../../src/trust/vault.ts";

type Entry = readonly [AuditAction, NewAuditEntry["detail"]?];

/** A folder with an audit log of these entries and no registry. */
async function folderWith(entries: readonly Entry[], vault = null as ReturnType<typeof createVault> | null) {
  const folder = await mkdtemp(join(tmpdir(), "lookalike-lost-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const audit = openAudit(join(folder, "audit.db"), { actor: "test", vault });
  for (const [action, detail] of entries) audit.append(action, { detail });
  return { audit, path: join(folder, "consents.db"), [Symbol.dispose]: () => audit.close() };
}

describe("a registry that is not there", () => {
  it.each<readonly Entry[]>([
    [["consent.import"]],
    [["train"], ["consent.withdraw"]],
    [["index"], ["erase.customer"]],
    [["run.start", { registry: "0123" }]],
    // Earlier versions did not note which registry a run asked.
    [["run.start"]],
    [["purge"]],
  ])("is not made anew where the log beside it tells of it: %j %j", async (...entries) => {
    using folder = await folderWith(entries);
    await expect(openConsents(folder.path)).rejects.toMatchObject({
      code: "ERR_CONSENTS_REQUIRED",
      hint: expect.stringContaining("Restore it from a backup"),
    });
    expect(existsSync(folder.path)).toBe(false);
  });

  it("is missed too where the entries that told of it were pruned", async () => {
    using folder = await folderWith([["consent.import"], ["train"]]);
    folder.audit.prune(new Date(Date.now() + 1000));
    await expect(openConsents(folder.path)).rejects.toMatchObject({ code: "ERR_CONSENTS_REQUIRED" });
  });

  it("is missed under a key, and the log stays closed without it", async () => {
    const vault = createVault(Buffer.alloc(32, 1));
    using folder = await folderWith([["consent.import"]], vault);
    await expect(openConsents(folder.path, { vault })).rejects.toMatchObject({
      code: "ERR_CONSENTS_REQUIRED",
    });
    await expect(openConsents(folder.path)).rejects.toMatchObject({ code: "ERR_KEY_REQUIRED" });
  });

  it.each<readonly Entry[]>([
    [],
    [["index"], ["train"]],
    [["run.start", { registry: null }], ["face.compute"], ["run.finish"]],
  ])("is begun where there has been none: %j %j %j", async (...entries) => {
    using folder = await folderWith(entries);
    (await openConsents(folder.path)).close();
    expect(existsSync(folder.path)).toBe(true);
  });
});
