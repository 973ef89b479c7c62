import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readResults } from "../../src/experiments/index.ts";
import { type Decision, openRecords } from "../../src/handover/index.ts";
import { FACE_TRIAL, outcomesOf, writeOutcomes, writeRun } from "../experiments/world.ts";
import { folderOfFile } from "../temporary.ts";
import { lookalike } from "./capture.ts";

const AT = new Date("2026-03-02T08:00:00Z");

const folder = folderOfFile();

beforeAll(() => {
  const decided = writeRun({
    out: join(folder, "run"),
    design: FACE_TRIAL,
    at: AT,
    from: 0,
    customers: 3000,
  });
  const truth = { base: 0.05, ad: 0.1, lookalike: 0.15 };
  writeOutcomes(join(folder, "outcomes.csv"), outcomesOf(decided, truth));
  const lossy = (own: Decision) =>
    own.assignment?.holdout.arm === "holdout" && /[1-4]$/.test(own.customer_id) ? null : own;
  const lost = writeRun({
    out: join(folder, "lossy"),
    design: FACE_TRIAL,
    at: AT,
    from: 0,
    customers: 8000,
    change: lossy,
  });
  writeOutcomes(join(folder, "lossy.csv"), outcomesOf(lost, truth));
});

const results = (run: string, ...more: string[]) =>
  lookalike(
    "results",
    "--out",
    join(folder, run),
    "--outcomes",
    join(folder, `${run === "run" ? "outcomes" : run}.csv`),
    "--jobs",
    "1",
    ...more,
  );

describe("lookalike results", () => {
  it("says in words, in JSON and on a page what sold more", async () => {
    const page = join(folder, "results.html");
    const found = await results("run", "--at", "2026-03-20", "--html", page, "--bayes", "--json");
    expect(found.status).toBe(0);
    expect(found.stderr).toMatch(/The look-alike against a random face: sells more/);
    const json = JSON.parse(found.stdout);
    expect(json.is_healthy).toBe(true);
    expect(json.comparisons[0]).toMatchObject({
      conclusion: { status: "more" },
      question: { is_primary: true },
    });
    expect(json.comparisons[0].bayes.chance_better).toBeGreaterThan(0.99);
    const html = readFileSync(page, "utf8");
    expect(html).toMatch(/class="verdict good"/);
    expect(html).toMatch(/What may not be concluded/);
    expect(html).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  });

  it("names no winner and ends with 3 where a gate fails", async () => {
    const found = await results("lossy", "--at", "2026-03-20");
    expect(found.status).toBe(3);
    expect(found.stderr).toMatch(/not run or logged as designed/);
    expect(found.stderr).not.toMatch(/sells more/);
  });

  it("reads what serve recorded, and customers for whom it decided", async () => {
    const run = join(folder, "recorded");
    cpSync(join(folder, "run"), run, { recursive: true });
    const bare = await lookalike("results", "--out", run, "--at", "2026-03-20");
    expect(bare).toMatchObject({ status: 2, stderr: expect.stringContaining("Expected --outcomes") });
    const lines = readFileSync(join(run, "decisions.jsonl"), "utf8").trim().split("\n");
    const decided = lines.map((line): Decision => JSON.parse(line));
    const late: Decision[] = decided
      .slice(0, 40)
      .map((own) => ({ ...own, customer_id: `late ${own.customer_id}` }));
    const at = new Date("2026-03-04T08:00:00Z");
    const shown = decided.filter(({ assignment }) => assignment?.holdout.arm !== "holdout");
    const records = openRecords(run);
    records.append(
      [
        {
          outcomes: [...decided.slice(0, 100), ...late.slice(0, 10)].map(({ customer_id: customerId }) => {
            return { customerId, at, converted: true, value: 5 };
          }),
          exposures: shown.map(({ customer_id: customerId }) => ({ customerId, at, channel: null })),
          served: late.map((decision, i) => {
            return {
              customerId: decision.customer_id,
              token: `t${i}`,
              version: "v",
              decision,
              isFinal: true,
              at: AT,
            };
          }),
        },
      ],
      { at, isErased: () => false },
    );
    records.close();
    const found = await lookalike("results", "--out", run, "--at", "2026-03-20", "--jobs", "1", "--json");
    expect(found.stderr).not.toContain("ERR_");
    const json = JSON.parse(found.stdout);
    expect(json.rows).toMatchObject({ read: 110 + shown.length, counted: 110, exposure: shown.length });
    expect(json.customers).toMatchObject({ assigned: 3040, counted: 3040 });
    const exposed = json.gates.find(({ id, layer }: never) => id === "exposure" && layer === "holdout");
    expect(exposed).toMatchObject({ status: "ok", detail: "no customer of the holdout was shown an ad" });
  });

  it("says what became of every row, and ends with 3 where some were rejected", async () => {
    const lines = readFileSync(join(folder, "outcomes.csv"), "utf8").trim().split("\n");
    const odd = [
      "k1,31.02.2026,1,5",
      ",2026-03-03,1,5",
      "k2,2026-03-03,1,5,,x",
      'k3,2026-03-03,"1,5',
      "+k4,2026-03-03,1,5",
    ];
    writeFileSync(join(folder, "odd.csv"), `${[...lines, ...odd].join("\n")}\n`);
    const found = await lookalike(
      ...["results", "--out", join(folder, "run"), "--outcomes", join(folder, "odd.csv"), "--jobs", "1"],
      ...["--at", "2026-03-20", "--refused", join(folder, "refused.csv")],
    );
    expect(found.status).toBe(3);
    expect(found.stderr).toContain("4 rows rejected in total: 2 ERR_ROW_MALFORMED");
    expect(found.stderr).toMatch(
      /rows of outcomes: counted [\d,]+, of customers without a decision 1, .*purchases without a time 1, without id or outcome 1/,
    );
    expect(readFileSync(join(folder, "refused.csv"), "utf8").match(/ERR_ROW_MALFORMED/g)).toHaveLength(2);
  });

  it("names ids that no run has, and columns that are not what they may be meant", async () => {
    const ids = Array.from({ length: 3000 }, (_, i) => `k${i}`);
    const write = (name: string, head: string, rows: readonly string[]) =>
      writeFileSync(join(folder, name), `${[head, ...rows].join("\n")}\n`);
    write(
      "plus.csv",
      "customer_id,at,converted",
      ids.slice(0, 20).map((id) => `+${id},2026-03-03,1`),
    );
    const none = await lookalike(
      ...[
        "results",
        "--out",
        join(folder, "run"),
        "--outcomes",
        join(folder, "plus.csv"),
        "--at",
        "2026-03-20",
      ],
    );
    expect(none.stderr).toMatch(/0 of 20 of them \(0 %\).*"\+A0+".*"A0+"/);
    write("pre.csv", "customer_id;spent", [
      ...ids.map((id) => `${id};1.250,50 €`),
      "k7;9,00 €",
      "k8;much",
      'k9;"open',
    ]);
    const { columnRows } = await readResults({
      runs: [join(folder, "run")],
      outcomes: join(folder, "outcomes.csv"),
      at: new Date("2026-03-20"),
      pre: { path: join(folder, "pre.csv"), column: "spent" },
    });
    expect(columnRows).toMatchObject({ refused: 1, refusedByCode: { ERR_ROW_MALFORMED: 1 } });
    write("crm.csv", "Kunde;Haushalt", [...ids.map((id, i) => `${id};h${i % 900}`)]);
    const clustered = await readResults({
      runs: [join(folder, "run")],
      outcomes: join(folder, "outcomes.csv"),
      at: new Date("2026-03-20"),
      cluster: { path: join(folder, "crm.csv"), column: "Haushalt", idColumn: "Kunde" },
    });
    expect(clustered).toMatchObject({ isClustered: true, columnRows: { refused: 0, warnings: [] } });
    expect(columnRows.warnings.map(({ message }) => message)).toEqual([
      'column "spent": 1 cells are not numbers and count as missing',
      'column "spent": 1 customers have several values; their mean or first one is used',
    ]);
  });

  it("refuses a moment that is none", async () => {
    const found = await results("run", "--at", "soon");
    expect(found.status).toBe(2);
    expect(found.stderr).toMatch(/ERR_OPTION_INVALID: Expected a date/);
  });
});
