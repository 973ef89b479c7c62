import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hashFile, readNamed, readNamedText } from "../../src/io/files.ts";
import { lookalike } from "../cli/capture.ts";
import { scratchFolder } from "../customers/scratch.ts";

const folder = scratchFolder();
const at = (name: string) => join(folder, name);
/** Opened by name, it would wait for a writer for ever. */
const pipe = (name: string) => {
  execFileSync("mkfifo", [at(name)]);
  return at(name);
};

describe("a file that somebody names", () => {
  it("is read only where it is a regular file", async () => {
    writeFileSync(at("plain"), "text");
    expect(await readNamedText(at("plain"))).toBe("text");
    for (const path of [pipe("pipe"), "/dev/zero", "/dev/null"]) {
      await expect(readNamed(path)).rejects.toThrow("not a regular file");
      await expect(hashFile(path)).rejects.toThrow("not a regular file");
    }
    await expect(readNamed(folder)).rejects.toThrow("it is a folder");
    await expect(hashFile(at("nowhere"))).rejects.toThrow(/ENOENT/);
  });

  it.each([
    ["a campaign", ["check", "--campaign"], "ERR_CAMPAIGN_NOT_FOUND"],
    ["judgements", ["metric", "fit", "--gallery", "g", "--out", "o"], "ERR_JUDGEMENTS_INVALID"],
    ["a policy", ["evaluate", "policy", "--log", "l.csv", "--policy"], "ERR_MODEL_UNREADABLE"],
    ["a metric", ["match", "p.jpg", "--gallery", "g", "--metric"], "ERR_MODEL_UNREADABLE"],
    ["a model", ["score", "--customers", "c.csv", "--model"], "ERR_MODEL_UNREADABLE"],
    ["a key", ["match", "p.jpg", "--gallery", "g", "--key-file"], "ERR_KEY_INVALID"],
  ])("ends a command with a code where it is a pipe: %s", async (what, args, code) => {
    const found = await lookalike(...args, pipe(`${what.replace(" ", "-")}.pipe`));
    expect(found.stderr).toContain(code);
    expect(found.stderr).toContain("not a regular file");
    expect(found.status).toBe(2);
  });

  it("is not opened in a folder of tables where it is a pipe, and a folder below is not searched", async () => {
    mkdirSync(at("tables/below.csv"), { recursive: true });
    writeFileSync(at("tables/a.csv"), "customer_id,purpose,given_at,method\nc1,photo,2026-01-01,written\n");
    const load = () => lookalike("consent", "import", at("tables"), "--privacy", at("privacy"));
    expect(await load()).toMatchObject({ status: 0, stderr: expect.stringContaining("1 consents imported") });
    execFileSync("mkfifo", [at("tables/b.csv")]);
    expect(await load()).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("ERR_SOURCE_NOT_FOUND"),
    });
  });
});
