import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { folderOfFile } from "../temporary.ts";
import { lookalikeJson } from "./capture.ts";

const folder = folderOfFile();
const path = (name: string) => join(folder, name);

/** Action a earns 1 for the young and 0 for the old, b the opposite; each was logged for half of both. */
const ROWS = Array.from({ length: 400 }, (_, i) => {
  const [action, stratum] = [i % 2 === 0 ? "a" : "b", i % 4 < 2 ? "young" : "old"];
  return [action, 0.5, Number((action === "a") === (stratum === "young")), stratum].join(",");
});

beforeAll(() => {
  writeFileSync(path("log.csv"), `action,propensity,reward,stratum\n${ROWS.join("\n")}\n`);
  writeFileSync(path("broken.csv"), `action,propensity,reward,stratum\n${[...ROWS, "a,0.5"].join("\n")}\n`);
  writeFileSync(
    path("odd.csv"),
    `action,propensity,reward,stratum\n${[...ROWS, "a,1.5,1,old"].join("\n")}\n`,
  );
  writeFileSync(path("renamed.csv"), `item,propensity,click,stratum\n${ROWS.join("\n")}\n`);
  const policies = {
    "best.json": { young: { a: 1, b: 0 }, old: { a: 0, b: 1 } },
    "all-a.json": { a: 1, b: 0 },
    "learned.json": {
      arms: [
        { arm: "a", share: 0.75 },
        { arm: "b", share: 0.25 },
      ],
    },
    "personal.json": { algorithm: "linear-thompson", linear: {} },
    "words.json": { a: "most" },
  };
  for (const [name, policy] of Object.entries(policies)) writeFileSync(path(name), JSON.stringify(policy));
});

const evaluate = (log: string, policy: string, ...more: string[]) =>
  lookalikeJson("evaluate", "policy", "--log", path(log), "--policy", policy, "--json", ...more);

describe("lookalike evaluate policy", () => {
  it.each([
    ["best.json", 1],
    ["all-a.json", 0.5],
    ["learned.json", 0.5],
  ])("gives the value of %s by every estimate", async (policy, value) => {
    const { status, lines, stderr } = await evaluate("log.csv", path(policy));
    expect(status).toBe(0);
    expect(lines[0]).toMatchObject({ logged: 0.5, refusal: null });
    for (const own of Object.values<{ value: number }>(lines[0].estimates))
      expect(own.value).toBeCloseTo(value, 1);
    expect(stderr).toContain("400 decisions");
  });

  it("reads other names of columns, and the policy that draws evenly", async () => {
    const { status, lines } = await evaluate(
      "renamed.csv",
      "uniform",
      "--columns",
      "action=item,reward=click",
    );
    expect([status, lines[0].logged]).toEqual([0, 0.5]);
  });

  it("reports a rejected row and ends with 3", async () => {
    const { status, lines, stderr } = await evaluate("broken.csv", path("best.json"));
    expect([status, lines[0].overlap.rows]).toEqual([3, 400]);
    expect(stderr).toContain("ERR_ROW_MALFORMED");
  });

  it("reports a row of a value that cannot be", async () => {
    const { status, lines, stderr } = await evaluate("odd.csv", path("best.json"));
    expect([status, lines[0].overlap.rows]).toEqual([3, 400]);
    expect(stderr).toContain("1 row rejected in total: 1 ERR_ROW_VALUE_INVALID");
  });

  it.each([
    [
      "a policy whose shares depend on columns",
      path("personal.json"),
      [],
      "the same shares for all customers",
    ],
    ["probabilities that are words", path("words.json"), [], "the probability of a is not a number"],
    ["a policy that is not there", path("none.json"), [], "none.json"],
    ["a column that is none", path("best.json"), ["--columns", "action=item,price=x"], "our=theirs"],
  ])("refuses %s", async (_, policy, flags, message) => {
    const { status, stderr } = await evaluate("log.csv", policy, ...flags);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
