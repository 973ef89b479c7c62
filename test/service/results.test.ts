import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openRecords } from "../../src/handover/index.ts";
import { createResults } from "../../src/service/review/results.ts";
import { FACE_TRIAL, outcomesOf, writeRun } from "../experiments/world.ts";
import { folderOfTest } from "../temporary.ts";

const AT = new Date("2026-03-02T08:00:00Z");
const LATER = new Date("2026-03-20T08:00:00Z").getTime();

it("the results of reported outcomes are read at most once a minute, and only if there are new ones", async () => {
  const out = join(folderOfTest(), "run");
  const decided = writeRun({ out, design: FACE_TRIAL, at: AT, from: 0, customers: 3000 });
  const records = openRecords(out);
  onTestFinished(() => records.close());
  let now = LATER;
  const results = createResults({ out, records, vault: null, now: () => new Date(now) });
  expect(await results(3000)).toBeNull();

  const report = (from: number, to: number) => {
    const bought = outcomesOf(decided, { base: 0.05, ad: 0.1, lookalike: 0.15 }).slice(from, to);
    const outcomes = bought.map(([customerId = "", at = "", , value]) => {
      return { customerId, at: new Date(at), converted: true, value: Number(value) };
    });
    records.append([{ outcomes, exposures: [], served: [] }], { at: AT, isErased: () => false });
  };
  report(0, 400);
  const first = await results(3000);
  expect(first?.counted).toBe(3000);
  expect(first?.headline).toMatch(/look-alike against a random face/i);
  expect(first?.comparisons.length).toBeGreaterThan(1);
  for (const { effect, conclusion } of first?.comparisons ?? []) {
    expect(effect).toMatch(/[+-]\d/);
    expect(conclusion).not.toBe("");
  }

  report(400, 450);
  expect(await results(3000)).toBe(first);
  now += 60_000;
  const second = await results(3000);
  expect(second).not.toBe(first);
  now += 60_000;
  expect(await results(3000)).toBe(second);
  // The service answers ads in the same process, so a large run is left to the command line.
  expect(await results(100_001)).toBeNull();
});
