import { closeSync, openSync } from "node:fs";
import { expect, it } from "vitest";
import { limitError } from "../../src/io/limits.ts";

/** What the system throws, with its code as the only thing that is made up. */
function refusalOf(code: string): unknown {
  try {
    closeSync(openSync("/nowhere/at all", "r"));
  } catch (error) {
    return Object.assign(error as Error, { code });
  }
  throw new Error("the file is there");
}

it.each(["EMFILE", "ENFILE", "ENOMEM"])("%s is reported with a code, the path and what to do", (code) => {
  const error = limitError(refusalOf(code));
  expect(error).toMatchObject({
    code: "ERR_SYSTEM_LIMIT",
    message: expect.stringContaining("refused to open /nowhere/at all"),
    hint: expect.stringContaining("ulimit -n"),
  });
});

it("is found behind another error, and in the words of a native library", () => {
  const behind = new Error("could not start", { cause: refusalOf("EMFILE") });
  for (const error of [behind, new Error("IO Error: Cannot open file: Too many open files")]) {
    expect(limitError(error)).toMatchObject({ code: "ERR_SYSTEM_LIMIT", cause: error });
  }
});

it("other errors of the system are no limits", () => {
  for (const error of [refusalOf("ENOENT"), new Error("EMFILE"), "EMFILE"]) {
    expect(limitError(error)).toBeNull();
  }
});
