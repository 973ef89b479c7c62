import { describe, expect, it } from "vitest";
import { lookalike } from "./capture.ts";

describe("lookalike cluster and worker", () => {
  it.each([
    ["status", ["cluster", "status"]],
    ["plan", ["cluster", "plan", "--campaign", "/no.yaml", "--data", "/tmp/no"]],
    ["merge", ["cluster", "merge", "--campaign", "/no.yaml"]],
    ["worker", ["worker"]],
  ])("%s says what is missing, and shows no password", async (_, args) => {
    expect(await lookalike(...args)).toMatchObject({
      status: 2,
      stdout: "",
      stderr: expect.stringContaining("LOOKALIKE_DATABASE"),
    });
    const unknown = await lookalike(...args, "--database", "mysql://user:secret@host/name");
    expect(unknown).toMatchObject({ status: 2, stderr: expect.stringContaining("ERR_OPTION_INVALID") });
    expect(unknown.stderr).not.toContain("secret");
  });
});
