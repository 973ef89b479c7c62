import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/**
 * `npm run matrix [-- 22 24]`: builds, tests and runs the demo on each supported version of Node, one after the other.
 * `npm run matrix -- 22 test/tables` builds and runs only the fast tests of these folders. The binaries come from the npm
 * package `node` and are kept in `node_modules/.cache/`.
 */
const ROOT = resolve(import.meta.dirname, "..");
const SUPPORTED = ["20", "22", "24"];
const isVersion = (word: string) => /^\d+$/.test(word);
const asked = process.argv.slice(2).filter(isVersion);
const folders = process.argv.slice(2).filter((word) => !isVersion(word));
const STEPS =
  folders.length === 0 ? [["build"], ["test"], ["demo"]] : [["build"], ["test:fast", "--", ...folders]];

/** The folder of a version's binary, installed when it is not there yet. */
function install(major: string): string {
  const folder = join(ROOT, "node_modules/.cache", `node-${major}`);
  const binaries = join(folder, "node_modules/node/bin");
  if (existsSync(binaries)) return binaries;
  mkdirSync(folder, { recursive: true });
  run("npm", ["install", "--prefix", folder, "--no-save", `node@${major}`], process.env.PATH ?? "");
  return binaries;
}

function run(command: string, args: readonly string[], path: string): boolean {
  const env = { ...process.env, PATH: path };
  return spawnSync(command, args, { cwd: ROOT, env, stdio: "inherit" }).status === 0;
}

const failures: string[] = [];
for (const major of asked.length > 0 ? asked : SUPPORTED) {
  const path = `${install(major)}${delimiter}${process.env.PATH ?? ""}`;
  run("node", ["--version"], path);
  const failed = STEPS.find((step) => !run("npm", ["run", ...step], path));
  if (failed !== undefined) failures.push(`Node ${major}: npm run ${failed.join(" ")}`);
}
process.stdout.write(failures.length === 0 ? "All passed.\n" : `Failed: ${failures.join(", ")}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
