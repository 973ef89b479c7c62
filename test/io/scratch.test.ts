import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { makeScratch, removeLeftovers, temporaryBeside } from "../../src/io/scratch.ts";
import { folderOfTest } from "../temporary.ts";

const LEFT = `-${spawnSync(process.execPath, ["--version"]).pid}`;
/** As a process that has ended would have named it. */
const ofTheDead = (name: string) => name.replace(`-${process.pid}`, LEFT);

it("what a killed process left half-written goes, what one is writing and everything else stays", async () => {
  const folder = folderOfTest();
  const live = temporaryBeside(join(folder, "model.json"));
  const dead = ofTheDead(temporaryBeside(join(folder, "model.json")));
  const elsewhere = dead.replace(/\.[0-9a-f]{6}-/, ".000000-");
  const kept = [live, elsewhere, join(folder, "model.json"), join(folder, ".hidden.tmp")];
  const below = join(folder, "below", basename(dead));
  mkdirSync(join(folder, "below"));
  for (const path of [...kept, dead, below]) writeFileSync(path, "");
  await removeLeftovers(folder);
  expect([existsSync(dead), existsSync(below)]).toEqual([false, true]);
  await removeLeftovers(folder, { deep: true });
  expect(existsSync(below)).toBe(false);
  for (const path of kept) expect(existsSync(path), path).toBe(true);
  await removeLeftovers(join(folder, "nowhere"));
});

it("a scratch folder is private, and takes the place of those of killed processes", () => {
  const base = folderOfTest();
  const live = makeScratch(base);
  const dead = ofTheDead(live);
  mkdirSync(dead);
  writeFileSync(join(dead, "spilled"), "c-17");
  const second = makeScratch(base);
  expect(readdirSync(base).sort()).toEqual([basename(live), basename(second)].sort());
});

it("a folder that is missing, or is a file, is a coded error that names TMPDIR", () => {
  const base = folderOfTest();
  writeFileSync(join(base, "file"), "");
  for (const folder of [join(base, "missing"), join(base, "file")]) {
    expect(() => makeScratch(folder)).toThrow(
      expect.objectContaining({
        code: "ERR_OUTPUT_UNWRITABLE",
        message: expect.stringContaining(folder),
        hint: expect.stringContaining("TMPDIR"),
      }),
    );
  }
});

it("what another life of the same process id left goes, as in a container where every process is 1", () => {
  const base = folderOfTest();
  const live = makeScratch(base);
  const [, start = ""] = /-([0-9a-z]+)-[A-Za-z0-9]{6}$/.exec(live) ?? [];
  const earlier = live.replace(`-${process.pid}-${start}-`, `-${process.pid}-1${start}-`);
  mkdirSync(earlier);
  makeScratch(base);
  expect([existsSync(live), existsSync(earlier)]).toEqual([true, process.platform !== "linux"]);
});
