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

it("other errors of the system are no limits", () => {
  for (const error of [refusalOf("ENOENT"), new Error("EMFILE"), "EMFILE"]) {
    expect(limitError(error)).toBeNull();
  }
});
