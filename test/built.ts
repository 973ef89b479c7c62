import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const ROOT = resolve(import.meta.dirname, "..");
const SRC = join(ROOT, "src");
const DIST = join(ROOT, "dist");
const CACHE = join(ROOT, "node_modules/.cache");
const LOCK = {
  what: "the build",
  corrupt: "ERR_STORE_CORRUPT",
  busy: "ERR_STORE_BUSY",
  corruptHint: "",
} as const;

let compiled: Promise<void> | undefined;

/**
 * A module of `dist`, for tests that need a process of its own: it starts in a fraction of the time that the source takes
 * through a TypeScript loader. `dist` is compiled before if a source is newer.
 *
 * @param path in `dist`, such as `cli/main.js`
 */
export async function built(path: string): Promise<string> {
  compiled ??= compile();
  await compiled;
  return join(DIST, path);
}

async function compile(): Promise<void> {
  // Every test file loads this module, few need more of it.
  const { whileLocked } = await import("../src/io/file-lock.ts");
  mkdirSync(CACHE, { recursive: true });
  const work = async () => {
    if (isCurrent()) return;
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    await promisify(execFile)(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: ROOT });
  };
  await whileLocked(join(CACHE, "dist.lock"), LOCK, work, 280_000);
}

let isUsable: boolean | undefined;

/**
 * The module of `dist` that was built from a module of `src`; null if `dist` is older than some source: the caller then
 * uses the source. Both are URLs.
 */
export function builtModule(source: string): string | null {
  isUsable ??= isCurrent();
  const path = fileURLToPath(source);
  return isUsable && path.startsWith(SRC) ? pathToFileURL(outputOf(path.slice(SRC.length))).href : null;
}

function isCurrent(): boolean {
  const sources = readdirSync(SRC, { recursive: true, encoding: "utf8" });
  return sources.filter((name) => /(?<!\.d)\.ts$/.test(name)).every(isNewer);
}

function isNewer(name: string): boolean {
  // The pages for the browser are built apart.
  if (/^service.web\b/.test(name)) return true;
  const output = outputOf(name);
  return existsSync(output) && statSync(output).mtimeMs >= statSync(join(SRC, name)).mtimeMs;
}

function outputOf(name: string): string {
  return join(DIST, name.replace(/\.ts$/, ".js"));
}
