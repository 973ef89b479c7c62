import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { folderOfFile } from "../temporary.ts";
import { lookalike, lookalikeJson } from "./capture.ts";

const folder = folderOfFile();
const campaign = join(folder, "campaign.yaml");

beforeAll(() => {
  const given = Array.from({ length: 300 }, (_, i) => `c${i},NL,p.jpg,2026-01-01,2099-01-01`);
  const others = [
    "expired,NL,p.jpg,2026-01-01,2026-02-01",
    "never,NL,p.jpg,,",
    "without,NL,,2026-01-01,2099-01-01",
    "excluded,XX,p.jpg,2026-01-01,2099-01-01",
  ];
  writeFileSync(join(folder, "p.jpg"), "never opened");
  writeFileSync(
    join(folder, "customers.csv"),
    `customer_id,country,photo,consent_biometric,consent_expires\n${[...given, ...others].join("\n")}\n`,
  );
  const past = Array.from({ length: 30 }, (_, i) => `c${i},2026-03-0${1 + (i % 9)},1,12`);
  writeFileSync(
    join(folder, "outcomes.csv"),
    `customer_id,at,converted,value\n${[...past, "c1,31.02.2026,1,5"].join("\n")}\n`,
  );
  writeFileSync(
    campaign,
    `name: Spring
brand: { name: Lumo }
inputs: { customers: { path: customers.csv } }
offers: [{ id: a, product: A, headline: H, body: B, cta: C, url: "https://lumo.example", margin: 1 }]
photos: { default: p.jpg }
experiment: { name: spring, faces: { lookalike: 0.5, random: 0.5 } }
`,
  );
});

const plan = (...more: string[]) => lookalikeJson("plan", "--campaign", campaign, "--json", ...more);

describe("lookalike plan", () => {
  it("counts who can be shown a look-alike, and opens no portrait", async () => {
    const { status, lines, stderr } = await plan("--base", "0.1", "--effect", "0.5");
    expect(status).toBe(0);
    expect(lines[0]).toMatchObject({ customers: 304, matchable: 301, baseline: { mean: 0.1 } });
    expect(stderr).toContain("304 customers, 301 with a consent and a portrait; 0.100 per customer");
    expect(stderr).toMatch(/smallest effect \d+ % \(power 0\.8\)/);
  });

  it("needs fewer customers for a larger effect, and names the days where customers enter by the day", async () => {
    const needed = async (effect: string) => {
      const { lines } = await plan("--base", "0.1", "--effect", effect, "--per-day", "50");
      const [comparison] = lines[0].comparisons;
      expect(comparison.days.fixed).toBeGreaterThan(0);
      return comparison.needed.fixed;
    };
    expect(await needed("0.2")).toBeGreaterThan(3 * (await needed("0.5")));
  });

  it("takes the baseline from past outcomes, and ends with 3 where rows are rejected", async () => {
    const { status, lines, stderr } = await plan("--outcomes", join(folder, "outcomes.csv"));
    expect(status).toBe(3);
    expect(lines[0].baseline.mean).toBeCloseTo(30 / 304, 9);
    expect(stderr).toContain("1 row rejected in total: 1 ERR_ROW_DATE_INVALID");
  });

  it.each([
    ["no baseline", [], "Expected --outcomes or --base but received neither"],
    ["two baselines", ["--base", "0.1", "--outcomes", "o.csv"], "received both"],
    ["more than everybody", ["--base", "1.5"], "a share below 1"],
  ])("refuses %s", async (_, flags, message) => {
    const { status, stderr } = await lookalike("plan", "--campaign", campaign, ...flags);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
