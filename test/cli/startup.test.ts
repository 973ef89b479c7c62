import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";

const SRC = resolve(import.meta.dirname, "../../src");

/** What a file loads as soon as it is loaded: its imports of values, without those that are loaded when called. */
function staticImports(file: string): string[] {
  const pattern = /^(?:import|export)\s+(?!type\b)(?:[^"';]*?\sfrom\s+)?"([^"]+)";/gm;
  return [...readFileSync(file, "utf8").matchAll(pattern)].flatMap(([, from]) => from ?? []);
}

function loadedBy(file: string, files = new Set<string>(), packages = new Set<string>()) {
  files.add(file);
  for (const from of staticImports(file)) {
    const path = resolve(dirname(file), from);
    if (!from.startsWith(".")) packages.add(from);
    else if (!files.has(path)) loadedBy(path, files, packages);
  }
  return { files, packages };
}

const external = (names: ReadonlySet<string>) =>
  [...names].filter((name) => !name.startsWith("node:")).sort();

it("starts without loading any command, so that help is there at once", () => {
  const { files, packages } = loadedBy(resolve(SRC, "cli/run.ts"));
  const rooms = new Set([...files].map((file) => relative(SRC, file).split("/")[0]));
  expect([...rooms].sort()).toEqual(["cli", "core", "io"]);
  expect(external(packages)).toEqual(["cli-progress", "commander"]);
});

it("loads nothing before it can report that the system has no file handles left", () => {
  expect(staticImports(resolve(SRC, "cli/main.ts"))).toEqual([]);
});

it("would notice a command that is loaded at once", () => {
  const { packages } = loadedBy(resolve(SRC, "cli/commands/match.ts"));
  expect(external(packages).length).toBeGreaterThan(2);
});

it.each([
  ["EMFILE", "ERR_SYSTEM_LIMIT"],
  ["ENFILE", "ERR_SYSTEM_LIMIT"],
  ["ERR_MODULE_NOT_FOUND", "ERR_DEPENDENCY_MISSING"],
])("reports %s while the program is loaded with a code and what to do", async (code, shown) => {
  const { exitCode } = process;
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  vi.doMock("../../src/cli/run.ts", () => ({
    runCli: () => Promise.reject(Object.assign(new Error("Cannot find package"), { code })),
  }));
  onTestFinished(() => {
    vi.doUnmock("../../src/cli/run.ts");
    vi.resetModules();
    vi.restoreAllMocks();
    process.exitCode = exitCode;
  });
  vi.resetModules();
  await import("../../src/cli/main.ts");
  const [text] = write.mock.calls.at(-1) ?? [];
  expect(String(text)).toMatch(new RegExp(`^error ${shown}: .*Cannot find package\n .*ulimit -n`));
  expect(process.exitCode).toBe(2);
});
