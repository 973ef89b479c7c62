import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { expect, it } from "vitest";

/** A process in which a package is not installed: the resolver does not find it. */
function runWithout(hidden: string, code: string): Promise<string> {
  const hook = `export async function resolve(name, context, next) {
    if (name === ${JSON.stringify(hidden)}) throw Object.assign(new Error("Cannot find package '" + name + "'"), { code: "ERR_MODULE_NOT_FOUND" });
    return next(name, context);
  }`;
  const url = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`;
  const boot = `import { register } from "node:module"; register(${JSON.stringify(url(hook))});`;
  const args = ["--import", "tsx", "--import", url(boot), "--input-type=module", "-e", code];
  return new Promise((done, fail) => {
    execFile(process.execPath, args, { timeout: 50_000 }, (error, stdout) =>
      error ? fail(error) : done(stdout),
    );
  });
}

const door = (path: string) => JSON.stringify(resolve(import.meta.dirname, "../../src", path));
const UNREACHABLE = '"postgres://nobody@127.0.0.1:1/none"';

it.each([
  ["pg", "io/postgres/index.ts", `openPostgres(${UNREACHABLE})`],
  ["pg", "io/postgres/index.ts", `openPostgresSync(${UNREACHABLE})`],
  ["pg-boss", "io/postgres/index.ts", "openQueue({})"],
])("without %s, %s names the command that installs it: %s", async (hidden, path, call) => {
  const code = `
    const door = await import(${door(path)});
    await door.${call}.then(() => console.log("opened"), (error) => console.log(JSON.stringify({ code: error.code, message: error.message, hint: error.hint })));
    process.exit();`;
  expect(JSON.parse(await runWithout(hidden, code))).toEqual({
    code: "ERR_DEPENDENCY_MISSING",
    message: `Expected the package ${hidden} for work with PostgreSQL`,
    hint: "Install it: npm install pg@8 pg-boss@10.4.2",
  });
});
