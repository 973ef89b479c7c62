import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  listCreatives,
  openDecisionLog,
  pruneCreatives,
  removeExports,
  runFiles,
} from "../../src/handover/index.ts";
import { ifThere, listBelow, listNames } from "../../src/io/entries.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lookalike-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A path that no process can list, whatever its rights: a link to itself. */
function unlistable(...parts: readonly string[]): string {
  const path = join(folder, ...parts);
  symlinkSync(path, path);
  return path;
}

const UNREADABLE = { code: "ERR_OUTPUT_UNWRITABLE", message: expect.stringContaining("symbolic links lead") };

describe("a path", () => {
  it("is empty if nothing is there, or its folder is a file", async () => {
    writeFileSync(join(folder, "file"), "");
    expect(await listNames(join(folder, "missing"))).toEqual([]);
    expect(await listBelow(join(folder, "file"))).toEqual([]);
    expect(await ifThere(join(folder, "file", "x"), (path) => readFile(path), "none")).toBe("none");
  });

  it("is not empty if it cannot be read", async () => {
    await expect(listNames(unlistable("a"))).rejects.toMatchObject(UNREADABLE);
    await expect(listBelow(unlistable("b"))).rejects.toMatchObject(UNREADABLE);
  });

  it("is not missing if the process has reached a limit", async () => {
    const refused = Object.assign(new Error("EMFILE"), { code: "EMFILE", syscall: "scandir" });
    const reading = ifThere(folder, () => Promise.reject(refused), []);
    await expect(reading).rejects.toMatchObject({ code: "ERR_SYSTEM_LIMIT" });
  });
});

describe("what is removed from a run's folder", () => {
  it("is not nothing if the creatives cannot be listed", async () => {
    mkdirSync(runFiles(folder).creatives);
    unlistable("creatives", "square-1080");
    await expect(listCreatives(folder)).rejects.toMatchObject(UNREADABLE);
  });

  it("is not nothing if the exports cannot be listed", async () => {
    unlistable("exports");
    await expect(removeExports(folder)).rejects.toMatchObject(UNREADABLE);
  });

  it("is not nothing if the notes of the creatives cannot be listed", async () => {
    mkdirSync(join(folder, ".lookalike"));
    unlistable(".lookalike", "creatives");
    await expect(pruneCreatives(folder, noDecisions())).rejects.toMatchObject(UNREADABLE);
  });

  it("is not the decisions so far if it is unknown which run they are of", async () => {
    const path = join(folder, "decisions.jsonl.partial");
    writeFileSync(path, "{}\n");
    unlistable("decisions.jsonl.partial.fingerprint");
    await expect(openDecisionLog({ path, fingerprint: "run" })).rejects.toMatchObject(UNREADABLE);
    expect(await listNames(folder)).toContain("decisions.jsonl.partial");
  });
});

async function* noDecisions() {}
