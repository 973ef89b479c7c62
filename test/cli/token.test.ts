import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openAccessKeys, privacyFiles } from "../../src/trust/index.ts";
import { lookalike } from "./capture.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lookalike-token-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const token = (...args: string[]) => lookalike("token", ...args, "--privacy", folder);
const list = async () => {
  const { stdout } = await token("list", "--json");
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
};

describe("lookalike token", () => {
  it("creates a key that is kept as a hash, lists it without its secret, and revokes it", async () => {
    const made = await token(
      "create",
      "--scope",
      "decide",
      "outcome",
      "--name",
      "shop",
      "--per-minute",
      "60",
      "--json",
    );
    expect(made.status).toBe(0);
    const { key, id, scopes } = JSON.parse(made.stdout);
    expect(scopes).toEqual(["decide", "outcome"]);
    const { access } = privacyFiles(folder);
    expect(readFileSync(access).includes(key.split("_").at(-1))).toBe(false);
    const keys = openAccessKeys(access);
    expect(keys.verify(key, new Date())).toMatchObject({ id, name: "shop", perMinute: 60 });
    expect(keys.verify(`${key.slice(0, -1)}${key.endsWith("A") ? "B" : "A"}`, new Date())).toBe(null);
    expect(await list()).toMatchObject([{ id, name: "shop", per_minute: 60, expires_at: null }]);
    expect(JSON.stringify(await list())).not.toContain(key);
    expect((await token("revoke", id)).status).toBe(0);
    expect(keys.verify(key, new Date())).toBe(null);
    expect(await list()).toEqual([]);
    keys.close();
  });

  it("makes keys that end", async () => {
    const made = await token("create", "--scope", "review", "--expires", "2099-12-01", "--json");
    const keys = openAccessKeys(privacyFiles(folder).access);
    const { key } = JSON.parse(made.stdout);
    expect(keys.verify(key, new Date("2099-11-30T23:59:59Z"))?.scopes).toEqual(["review"]);
    expect(keys.verify(key, new Date("2099-12-01T00:00:00Z"))).toBe(null);
    keys.close();
    const past = await token("create", "--scope", "review", "--expires", "2020-01-01");
    expect(past.status).toBe(2);
    expect(past.stderr).toContain("a later date for --expires but received 2020-01-01");
  });

  it.each([
    ["a scope that is none", ["create", "--scope", "all"], "decide, outcome, review, admin"],
    ["no scope", ["create"], "--scope"],
    ["a date that is none", ["create", "--scope", "decide", "--expires", "soon"], "a date such as"],
    ["a key that is none", ["revoke", "00000000"], "token list"],
  ])("refuses %s", async (_, args, words) => {
    const { status, stdout, stderr } = await token(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(words);
  });

  it("list and revoke create nothing in a folder that is missing or has no key", async () => {
    const typo = join(folder, "typo", "privacy");
    for (const command of [["list"], ["revoke", "0123abcd"]]) {
      const { status, stderr } = await lookalike("token", ...command, "--privacy", typo);
      expect(status).toBe(2);
      expect(stderr).toContain("ERR_OPTION_INVALID");
    }
    expect(existsSync(join(folder, "typo"))).toBe(false);
    expect(await token("list")).toMatchObject({ status: 0, stdout: "" });
    expect((await token("revoke", "0123abcd")).status).toBe(2);
    expect(readdirSync(folder)).toEqual([]);
  });
});
