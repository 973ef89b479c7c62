import { execFile } from "node:child_process";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { built } from "../built.ts";

/** A process in which a package is not installed: the resolver does not find it. */
function runWithout(hidden: string, code: string): Promise<string> {
  const hook = `export async function resolve(name, context, next) {
    if (name === ${JSON.stringify(hidden)}) throw Object.assign(new Error("Cannot find package '" + name + "'"), { code: "ERR_MODULE_NOT_FOUND" });
    return next(name, context);
  }`;
  const url = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`;
  const boot = `import { register } from "node:module"; register(${JSON.stringify(url(hook))});`;
  const args = ["--import", url(boot), "--input-type=module", "-e", code];
  return new Promise((done, fail) => {
    execFile(process.execPath, args, { timeout: 50_000 }, (error, stdout) =>
      error ? fail(error) : done(stdout),
    );
  });
}

const UNREACHABLE = '"postgres://nobody@127.0.0.1:1/none"';

it.each([
  ["pg", `openPostgres(${UNREACHABLE})`],
  ["pg", `openPostgresSync(${UNREACHABLE})`],
  ["pg-boss", "openQueue({})"],
])("without %s, the door to PostgreSQL names the command that installs it: %s", async (hidden, call) => {
  const path = pathToFileURL(await built("io/postgres/index.js")).href;
  const code = `
    const door = await import(${JSON.stringify(path)});
    await door.${call}.then(() => console.log("opened"), (error) => console.log(JSON.stringify({ code: error.code, message: error.message, hint: error.hint })));
    process.exit();`;
  expect(JSON.parse(await runWithout(hidden, code))).toEqual({
    code: "ERR_DEPENDENCY_MISSING",
    message: `Expected the package ${hidden} for work with PostgreSQL`,
    hint: "Install it: npm install pg@8 pg-boss@10.4.2",
  });
});

it.each(["@aws-sdk/client-s3", "@aws-sdk/lib-storage"])(
  "without %s, shared files in a bucket name the command that installs both",
  async (hidden) => {
    const path = pathToFileURL(await built("io/shared-files/index.js")).href;
    const code = `
    const { openSharedFiles } = await import(${JSON.stringify(path)});
    await openSharedFiles("s3://bucket").read("x").then(() => console.log("read"), (error) => console.log(JSON.stringify({ code: error.code, hint: error.hint })));
    process.exit();`;
    expect(JSON.parse(await runWithout(hidden, code))).toEqual({
      code: "ERR_DEPENDENCY_MISSING",
      hint: "Install them: npm install @aws-sdk/client-s3@3 @aws-sdk/lib-storage@3",
    });
  },
);
