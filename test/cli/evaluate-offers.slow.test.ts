import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/index.ts";
import { writeCampaignFolder } from "../campaign/fixture.ts";
import { folderOfFile } from "../temporary.ts";
import { lookalike } from "./capture.ts";

const folder = folderOfFile();
let campaign: string;

beforeAll(async () => {
  campaign = await writeCampaignFolder(folder);
  // The arms have other names in the log, and the ids another column.
  const log = readFileSync(join(folder, "experiment.csv"), "utf8");
  const renamed = log
    .replace("customer_id,", "client,")
    .replaceAll(",apple,", ",Arm A,")
    .replaceAll(",none,", ",Nobody,");
  writeFileSync(join(folder, "experiment.csv"), renamed);
  const text = readFileSync(campaign, "utf8")
    .replace("id: apple", "id: apple\n    arm: Arm A")
    .replace(
      "{ path: experiment.csv }",
      "{ path: experiment.csv, control: Nobody, columns: { customer_id: client } }",
    )
    .replace("name: Test", "name: Test\ncurrency: CHF");
  writeFileSync(campaign, text);
  const trained = await lookalike("train", "--campaign", campaign, "--learner", "s-logistic", "--jobs", "1");
  expect(trained.status).toBe(0);
  expect(trained.stderr).toMatch(/CHF per 1,000 customers/);
});

const evaluate = (...args: string[]) =>
  lookalike("evaluate", "offers", "--log", join(folder, "experiment.csv"), "--resamples", "50", ...args);

describe("lookalike evaluate offers", () => {
  it("takes model, columns, arms, customers and currency from the campaign", async () => {
    const found = await evaluate("--campaign", campaign, "--json");
    expect(found.status).toBe(0);
    expect(found.stderr).toMatch(/CHF per customer/);
    const json = JSON.parse(found.stdout);
    expect(json.offers.map(({ offer_id }: { offer_id: string }) => offer_id)).toEqual(["apple", "samsung"]);
    expect(json).toMatchObject({ currency: "CHF", unit: "money", unmatched: { arms: [], offers: [] } });
  });

  it("reads columns that the model does not have: customers may have been selected by them", async () => {
    const model = join(folder, "two.json");
    const log = (selected: boolean) => {
      const random = createRandom(5);
      const rows = Array.from({ length: 4_000 }, () => {
        const spend = Math.floor(100 * random());
        const isShown = random() < (selected ? spend / 100 : 0.5);
        return `${isShown ? "apple" : "none"},${random() < spend / 200 ? 1 : 0},${Math.floor(50 * random())},${spend}`;
      });
      const path = join(folder, `selected-${selected}.csv`);
      writeFileSync(path, `offer_id,converted,age,spend\n${rows.join("\n")}\n`);
      return path;
    };
    const trained = await lookalike(
      ...["train", "--log", log(false), "--features", "age", "--learner", "s-logistic", "--model", model],
    );
    expect(trained.status).toBe(0);
    const judged = await lookalike(
      ...["evaluate", "offers", "--model", model, "--log", log(true), "--resamples", "50", "--json"],
    );
    expect(JSON.parse(judged.stdout).verdict.headline).toBe("This log cannot show what the offers do.");
  });

  it("asks for a model where neither flag names one", async () => {
    const { status, stderr } = await evaluate();
    expect(status).toBe(2);
    expect(stderr).toContain("Expected --model or --campaign but received neither");
  });

  it("compares two models on one log", async () => {
    const other = join(folder, "other.json");
    const columns = ["--control", "Nobody", "--outcome", "converted"];
    const trained = await lookalike(
      ...[
        "train",
        "--log",
        join(folder, "experiment.csv"),
        ...columns,
        "--features",
        "age",
        "--policy",
        "single",
      ],
      ...["--learner", "s-logistic", "--jobs", "1", "--model", other],
    );
    expect(trained.status).toBe(0);
    const found = await evaluate(...["--model", other, "--against", other, "--control", "Nobody", "--json"]);
    expect(found.status).toBe(0);
    expect(JSON.parse(found.stdout)).toMatchObject({ agreement: 1, gain: { value: 0 } });
    expect(found.stderr).toMatch(/Neither model is shown to earn more/);
  });
});
