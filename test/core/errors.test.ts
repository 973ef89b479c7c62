import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect as assert, describe, it } from "vitest";
import { ERROR_CODES, expected, isLookalikeError, LookalikeError } from "../../src/core/index.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const docs = readFileSync(join(ROOT, "docs/errors.md"), "utf8");
const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(join(ROOT, "src", name), "utf8"))
  .join("\n");

/** That a test provokes each code is checked at the end of a run of all tests (`test/codes-reporter.ts`). */
describe("error codes", () => {
  const list = readFileSync(join(ROOT, "src/core/errors.ts"), "utf8");
  it.each(ERROR_CODES)("%s is documented and thrown", (code) => {
    assert(docs).toMatch(new RegExp(`^\\| \`${code}\` *\\|`, "m"));
    assert(sources.split(`"${code}"`).length - list.split(`"${code}"`).length).toBeGreaterThan(0);
  });

  it("documents no code that does not exist", () => {
    const documented = [...docs.matchAll(/^\| `(ERR_\w+)`/gm)].map((match) => match[1]);
    assert(documented.toSorted()).toEqual([...ERROR_CODES].toSorted());
  });
});

describe("LookalikeError", () => {
  it("carries code, hint and cause, and serialises without the cause", () => {
    const cause = new Error("inner");
    const error = new LookalikeError("ERR_OPTION_INVALID", expected("a number", "top", "x"), {
      hint: "Do.",
      cause,
    });
    assert(isLookalikeError(error)).toBe(true);
    assert(error.message).toBe('Expected a number for top but received "x"');
    assert(error.cause).toBe(cause);
    assert(JSON.parse(JSON.stringify(error))).toEqual({
      code: "ERR_OPTION_INVALID",
      message: error.message,
      hint: "Do.",
    });
  });
});
