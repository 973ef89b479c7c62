import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { folderOfFile } from "./temporary.ts";

const ROOT = resolve(import.meta.dirname, "..");
const readme = readFileSync(join(ROOT, "README.md"), "utf8");
const SAMPLES = join(ROOT, "node_modules/@vladmandic/face-api/demo");

const folder = folderOfFile();

beforeAll(() => {
  cpSync(join(SAMPLES, "sample1.jpg"), join(folder, "inventory/photos/bar.jpg"));
  cpSync(join(SAMPLES, "sample3.jpg"), join(folder, "portrait.jpg"));
});

describe("README.md", () => {
  it("shows a library example that runs as it stands", async () => {
    const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
    expect(example).toContain('from "lookalike-ads"');
    const door = pathToFileURL(join(import.meta.dirname, "readme-door.ts")).href;
    // Paths are the reader's own; here they are those of a folder that looks like theirs.
    const script = example
      .replace('"lookalike-ads"', JSON.stringify(door))
      .replace(/"(gallery|inventory\/photos|portrait\.jpg)"/g, (_, path: string) =>
        JSON.stringify(join(folder, path)),
      );
    const file = join(folder, "example.mts");
    writeFileSync(file, script);
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    await import(pathToFileURL(file).href);
    const lines = log.mock.calls.map((line) => line.join(" "));
    log.mockRestore();
    expect(lines[0]).toMatch(/^1 photos, [1-9]\d* faces$/);
    expect(lines[1]).toMatch(/bar\.jpg \d\.\d+$/);
  });

  it("names only commands that exist, and all of them", async () => {
    const { COMMANDS } = await import("../src/cli/commands.ts");
    const names = Object.keys(COMMANDS).sort();
    const documented = new Set([...readme.matchAll(/^\| `lookalike (\w+)/gm)].map((match) => match[1]));
    expect([...documented].sort()).toEqual(names);
  });

  it("links only to files that exist", () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map((match) => match[1] as string);
    expect(links.length).toBeGreaterThan(5);
    const missing = links.filter((link) => {
      try {
        return readFileSync(join(ROOT, link)).length === 0;
      } catch (error) {
        return !(error instanceof Error && "code" in error && error.code === "EISDIR");
      }
    });
    expect(missing).toEqual([]);
  });
});
