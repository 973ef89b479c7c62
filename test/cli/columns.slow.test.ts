import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/index.ts";
import { folderOfFile } from "../temporary.ts";
import { lookalike } from "./capture.ts";

const folder = folderOfFile();
const at = (name: string) => join(folder, name);
const ids = (stdout: string) =>
  stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line).customer_id);

/** Tables whose columns have names of their own, and models from them. */
beforeAll(async () => {
  const random = createRandom(4);
  const crm = ["msisdn,age"];
  const calls = ["who,whom,begun,seconds,make"];
  const log = ["msisdn,offer_id,converted,called,share,contacts"];
  for (let i = 0; i < 800; i++) {
    const age = 18 + Math.floor(random() * 60);
    const arm = random() < 0.5 ? "none" : "mail";
    const isBuyer = random() < (arm === "mail" && age < 40 ? 0.6 : 0.2);
    crm.push(`+31${i},${age}`);
    for (let k = 0; k <= i % 3; k++) calls.push(`+31${i},x${k},2026-01-0${k + 1},60,Acme`);
    const isCaller = random() < (arm === "mail" && i % 3 === 2 ? 0.7 : 0.2);
    log.push(`+31${i},${arm},${isBuyer ? 1 : 0},${isCaller ? 1 : 0},0.5,${1 + (i % 3)}`);
  }
  writeFileSync(at("crm.csv"), crm.join("\n"));
  writeFileSync(at("calls.csv"), calls.join("\n"));
  writeFileSync(at("log.csv"), log.join("\n"));
  const aged = log.map((line, i) => `${line},${i === 0 ? "age" : crm[i]?.split(",")[1]}`);
  writeFileSync(at("aged.csv"), aged.join("\n"));
  const train = (...flags: string[]) =>
    lookalike("train", "--learner", "t-logistic", "--propensity", "share", ...flags);
  await train("--log", at("aged.csv"), "--features", "age", "--model", at("age.json"));
  await train(
    "--log",
    at("log.csv"),
    "--outcome",
    "called",
    "--features",
    "contacts",
    "--model",
    at("contacts.json"),
  );
});

describe("score --id", () => {
  it("names the column of ids; without one rows have numbers, which is said", async () => {
    const score = (...flags: string[]) =>
      lookalike("score", "--model", at("age.json"), "--customers", at("crm.csv"), "--json", ...flags);
    const named = await score("--id", "msisdn");
    expect(named).toMatchObject({ status: 0 });
    expect(named.stderr).not.toMatch(/note:/);
    expect(ids(named.stdout).slice(0, 2)).toEqual(["+310", "+311"]);
    const numbered = await score();
    expect(ids(numbered.stdout).slice(0, 2)).toEqual(["1", "2"]);
    expect(numbered.stderr).toMatch(/note: .*customer_id.*--id/);
    expect(await score("--id", "Kunden-Nr")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/ERR_COLUMN_MISSING.*Kunden-Nr/),
    });
  });
});

describe("score --calls", () => {
  const score = (...flags: string[]) =>
    lookalike(
      ...["score", "--model", at("contacts.json"), "--customers", at("crm.csv"), "--json"],
      ...["--calls", at("calls.csv"), ...flags],
    );
  const map = ["caller_id=who", "callee_id=whom", "started_at=begun", "duration_s=seconds"].flatMap(
    (columns) => ["--map", columns],
  );

  it("joins by the named columns", async () => {
    const scored = await score("--id", "msisdn", ...map);
    expect(scored.status).toBe(0);
    const lines = scored.stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    const chances = lines.slice(0, 6).map(({ scores: [mail] }) => mail.probability_offer);
    // One to three contacts, over and over.
    expect(new Set(chances).size).toBe(3);
    expect(chances.slice(3)).toEqual(chances.slice(0, 3));
  });

  it("is refused without ids, or with a column that is none of ours", async () => {
    expect(await score(...map)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/ERR_COLUMN_MISSING.*customer_id.*msisdn, age/),
    });
    expect(await score("--id", "msisdn", "--map", "caller=who")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/ERR_OPTION_INVALID.*--map/),
    });
    expect(
      await lookalike(
        ...["score", "--model", at("age.json"), "--customers", at("crm.csv"), "--map", "caller_id=who"],
      ),
    ).toMatchObject({ status: 2, stderr: expect.stringMatching(/--calls beside --map/) });
  });
});

describe("evaluate offers --customers", () => {
  const evaluate = (...flags: string[]) =>
    lookalike(
      ...["evaluate", "offers", "--model", at("age.json"), "--log", at("log.csv"), "--resamples", "20"],
      ...["--propensity", "share", "--json", ...flags],
    );

  it("joins the CRM by the customer's id", async () => {
    const { status, stdout } = await evaluate("--customers", at("crm.csv"), "--id", "msisdn");
    expect(status).toBe(0);
    expect(JSON.parse(stdout).offers[0].ranking.customers).toBe(800);
  });

  it("wants the calls that --map names columns of", async () => {
    expect(await evaluate("--map", "caller_id=who")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/--calls beside --map/),
    });
  });

  it("names the columns of the log where the model needs another", async () => {
    expect(await evaluate()).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/"age" for a feature .* received msisdn, /),
    });
    expect(await evaluate("--id", "msisdn")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/--customers beside --id/),
    });
  });

  it("takes the propensities of the named column", async () => {
    const named = await evaluate("--customers", at("crm.csv"), "--id", "msisdn", "--propensity", "converted");
    expect(named).toMatchObject({ status: 2, stderr: expect.stringMatching(/propensity/) });
  });
});

describe("--refused", () => {
  it("writes every refused row with its reason, and the text counts them by code", async () => {
    const lines = Array.from({ length: 40 }, (_, i) => `+31${i},${i % 2 === 0 ? 30 : "thirty"}`);
    writeFileSync(at("bad.csv"), ["msisdn,age", ...lines, "+310,30", ",30", "+99,30,more"].join("\n"));
    const { status, stderr } = await lookalike(
      ...["score", "--model", at("age.json"), "--customers", at("bad.csv"), "--id", "msisdn"],
      ...["--refused", at("refused.csv")],
    );
    expect(status).toBe(3);
    expect(stderr).toMatch(/23 rows rejected in total: .*20 ERR_ROW_VALUE_INVALID/);
    const rows = readFileSync(at("refused.csv"), "utf8").trim().split("\r\n");
    expect(rows[0]).toBe("source,row,code,reason");
    expect(rows).toHaveLength(24);
    for (const code of ["DUPLICATE", "MISSING"]) expect(rows.join("\n")).toContain(`ERR_ROW_ID_${code}`);
    expect(rows.join("\n")).toContain("ERR_ROW_MALFORMED");
  });
});
