import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type ExperimentDesign,
  holdoutDesign,
  learnShares,
  readResults,
  withShares,
} from "../../src/experiments/index.ts";
import type { Decision } from "../../src/handover/index.ts";
import { folderOfFile } from "../temporary.ts";
import { outcomesOf, type SimulatedDecision, type Truth, writeOutcomes, writeRun } from "./world.ts";

const DESIGN: ExperimentDesign = {
  ...holdoutDesign("autumn", { holdout: 0.3, seed: 1 }),
  explore: 0.2,
  windowDays: 7,
  faces: [
    { arm: "lookalike", share: 0.5, band: null },
    { arm: "random", share: 0.4, band: null },
    { arm: "default", share: 0.1, band: null },
  ],
};
const AT = new Date("2026-03-02T08:00:00Z");
const DAY = 86_400_000;
const STRONG: Truth = { base: 0.05, ad: 0.05, lookalike: 0.08 };

const folder = folderOfFile();
let decided: SimulatedDecision[];

beforeAll(() => {
  decided = [0, 1].flatMap((week) =>
    writeRun({
      out: join(folder, `week${week}`),
      design: DESIGN,
      at: after(7 * week),
      from: 4000 * week,
      customers: 4000,
    }),
  );
  writeOutcomes(join(folder, "strong.csv"), outcomesOf(decided, STRONG));
});

const after = (days: number) => new Date(AT.getTime() + days * DAY);
const runs = () => [join(folder, "week0"), join(folder, "week1")];

const read = (outcomes: string, more: Partial<Parameters<typeof readResults>[0]> = {}) =>
  readResults({
    runs: runs(),
    outcomes: join(folder, outcomes),
    at: after(14),
    resources: { threads: 1 },
    ...more,
  });

const find = (results: Awaited<ReturnType<typeof read>>, id: string, metric = "converted") => {
  const found = results.comparisons.find(({ question }) => question.id === id && question.metric === metric);
  if (found === undefined) throw new Error(`no comparison ${id} on ${metric}`);
  return found;
};

describe("the results of an experiment", () => {
  it("finds what look-alikes and the programme add, and the offers, with sequence and fixed intervals", async () => {
    const results = await read("strong.csv", { bayes: true });
    expect(results.isHealthy).toBe(true);
    expect(results.customers).toMatchObject({ assigned: 8000, counted: 8000, pending: 0 });
    const [first] = results.comparisons;
    expect(first?.question).toMatchObject({ id: "lookalike_random", isPrimary: true });
    const faces = find(results, "lookalike_random");
    expect(faces.conclusion).toEqual({ status: "more" });
    const { difference } = faces;
    expect(difference?.fixed.low).toBeLessThan(0.08);
    expect(difference?.fixed.high).toBeGreaterThan(0.08);
    // The sequence pays for looking.
    expect(difference?.sequence.low).toBeLessThan(difference?.fixed.low ?? 0);
    expect(faces.looks.map(({ date }) => date)).toEqual(["2026-03-10", "2026-03-17"]);
    expect(faces.looks[1]?.customers).toBe(faces.control.customers + faces.arm.customers);
    expect(faces.bayes?.chanceBetter).toBeGreaterThan(0.99);
    expect(faces.control.range?.low).toBeLessThan(faces.control.mean);
    const programme = find(results, "programme");
    expect(programme.conclusion.status).toBe("more");
    // Half have a look-alike, half of these see it: 0.05 + 0.08 / 4
    expect(programme.difference?.fixed.low).toBeLessThan(0.07);
    expect(programme.difference?.fixed.high).toBeGreaterThan(0.07);
    expect(programme.predicted).toBeCloseTo(0.02, 9);
    expect(find(results, "offer_a").control.customers).toBeGreaterThan(
      find(results, "offer_b").control.customers,
    );
    expect(find(results, "choice").conclusion.status).toBe("cannot_tell");
    expect(results.comparisons.filter(({ question }) => question.id.startsWith("dose_"))).toHaveLength(4);
    expect(find(results, "programme", "winsorised").difference).not.toBeNull();
    expect(results.cap).toBeGreaterThan(70);
  });

  it("counts customers whose window is over, and rows of every kind", async () => {
    const [one] = decided;
    const id = one?.decision.customer_id ?? "";
    const at = (days: number) => after(days).toISOString();
    const rows = [
      [id, at(1), "1", "10"],
      [id, at(1), "1", "10"],
      [id, at(2), "1", "5"],
      [id, at(-1), "1", "99"],
      [id, at(8), "1", "99"],
      [id, "", "1", "99"],
      [id, at(30), "1", "99"],
      ["nobody", at(1), "1", "99"],
      ["", at(1), "1", "99"],
      ["k2", at(1), "perhaps", ""],
      ["k4", "", "0", "0"],
    ];
    writeOutcomes(join(folder, "kinds.csv"), rows);
    const results = await read("kinds.csv", { at: after(9) });
    expect(results.rows).toMatchObject({
      read: 11,
      counted: 3,
      duplicate: 1,
      early: 1,
      late: 1,
      future: 1,
      undated: 1,
      unknown: 1,
      invalid: 2,
    });
    expect(results.customers).toMatchObject({
      assigned: 8000,
      counted: 4000,
      pending: 4000,
      complete: "2026-03-16",
    });
    const value = results.comparisons.filter(({ question }) => question.metric === "value");
    const total = value
      .filter(({ question }) => question.id === "programme")
      .flatMap(({ control, arm }) => [control, arm])
      .reduce((sum, { mean, customers }) => sum + mean * customers, 0);
    expect(total).toBeCloseTo(15, 9);
  });

  it("names no winner where a gate fails", async () => {
    // The log of one arm lost a third of its customers.
    const lossy = (decision: Decision, i: number) =>
      decision.assignment?.face?.arm === "lookalike" && i % 3 === 0 ? null : decision;
    const out = join(folder, "lossy");
    const own = writeRun({ out, design: DESIGN, at: AT, from: 0, customers: 4000, change: lossy });
    writeOutcomes(join(folder, "lossy.csv"), outcomesOf(own, STRONG));
    const results = await read("lossy.csv", { runs: [out] });
    expect(results.isHealthy).toBe(false);
    const failed = results.gates.filter(({ status }) => status === "failed");
    expect(failed.map(({ id, layer }) => `${id} ${layer}`)).toContain("sample_ratio face");
    expect(find(results, "lookalike_random").conclusion).toEqual({
      status: "not_valid",
      gate: "sample_ratio",
    });
    // Outcomes that are missing from one arm only.
    const rows = outcomesOf(decided, STRONG, { zeros: true }).filter(
      (_, i) => decided[i]?.decision.assignment?.holdout.arm !== "holdout" || i % 5 > 0,
    );
    writeOutcomes(join(folder, "missing.csv"), rows);
    const missing = (await read("missing.csv")).gates.find(
      ({ id, layer }) => id === "missing_outcomes" && layer === "holdout",
    );
    expect(missing?.status).toBe("failed");
  });

  it("sees who was shown an ad although held out, and who is in two arms", async () => {
    const rows = decided
      .slice(0, 2000)
      .map(({ decision }) => [decision.customer_id, "", "0", "0", after(1).toISOString()]);
    writeOutcomes(join(folder, "shown.csv"), rows, ["customer_id", "at", "converted", "value", "shown_at"]);
    const shown = await read("shown.csv");
    expect(shown.gates.find(({ id, layer }) => id === "exposure" && layer === "holdout")?.status).toBe(
      "failed",
    );
    const swap = (decision: Decision) => {
      const { assignment } = decision;
      if (assignment?.face == null) return decision;
      return { ...decision, assignment: { ...assignment, face: { ...assignment.face, arm: "default" } } };
    };
    const out = join(folder, "again");
    writeRun({ out, design: DESIGN, at: after(7), from: 0, customers: 500, change: swap });
    const twice = await read("strong.csv", { runs: [join(folder, "week0"), out] });
    expect(twice.gates.find(({ id }) => id === "two_arms")).toMatchObject({ status: "failed" });
    expect(twice.customers.assigned).toBe(4000);
  });

  it("uses the pre-period where there is one and says what it saved", async () => {
    const before = decided.map(({ decision }, i) => `${decision.customer_id},${(i * 7919) % 100}`);
    writeFileSync(join(folder, "pre.csv"), `customer_id,earlier\n${before.join("\n")}\n`);
    const pre = { path: join(folder, "pre.csv"), column: "earlier" };
    const useless = find(await read("strong.csv", { pre }), "programme");
    expect(Math.abs(useless.saved ?? 1)).toBeLessThan(0.02);
    // Customers who bought before buy again: the pre-period then tells half of the outcome.
    const buyers = new Set(outcomesOf(decided, STRONG).map(([id]) => id));
    const telling = decided.map(({ decision }) => {
      return `${decision.customer_id},${buyers.has(decision.customer_id) ? 1 : 0}`;
    });
    writeFileSync(join(folder, "pre2.csv"), `customer_id,earlier\n${telling.join("\n")}\n`);
    const saved = find(
      await read("strong.csv", { pre: { ...pre, path: join(folder, "pre2.csv") } }),
      "programme",
    ).saved;
    expect(saved).toBeGreaterThan(0.9);
  });

  it("widens intervals for customers who act together", async () => {
    const home = decided.map(({ decision }, i) => `${decision.customer_id},h${Math.floor(i / 10)}`);
    writeFileSync(join(folder, "homes.csv"), `customer_id,home\n${home.join("\n")}\n`);
    // Whole households buy together, by the first member's draw.
    const lucky = new Set(outcomesOf(decided, STRONG).map(([id]) => Math.floor(Number(id?.slice(1)) / 10)));
    const rows = decided
      .filter((_, i) => lucky.has(Math.floor(i / 10)) && Math.floor(i / 10) % 3 === 0)
      .map(({ decision, at }) => [
        decision.customer_id,
        new Date(at.getTime() + DAY).toISOString(),
        "1",
        "10",
      ]);
    writeOutcomes(join(folder, "homes-out.csv"), rows);
    const cluster = { path: join(folder, "homes.csv"), column: "home" };
    const width = (own: ReturnType<typeof find>) =>
      (own.difference?.fixed.high ?? 0) - (own.difference?.fixed.low ?? 0);
    const single = find(await read("homes-out.csv"), "programme");
    const clustered = find(await read("homes-out.csv", { cluster }), "programme");
    expect(clustered.difference?.value).toBeCloseTo(single.difference?.value ?? 0, 9);
    expect(clustered.arm.customers).toBeLessThan(single.arm.customers);
    expect(width(clustered)).toBeGreaterThan(1.3 * width(single));
  });

  it("waits for the declared end where the reading is fixed", async () => {
    const design = { ...DESIGN, salt: "fixed", reading: "fixed", end: after(21) } as const;
    const out = join(folder, "fixed");
    const own = writeRun({ out, design, at: AT, from: 0, customers: 4000 });
    writeOutcomes(join(folder, "fixed.csv"), outcomesOf(own, STRONG));
    const early = find(await read("fixed.csv", { runs: [out] }), "lookalike_random");
    expect(early.conclusion).toMatchObject({ status: "cannot_tell", isEarly: true });
    const atEnd = find(await read("fixed.csv", { runs: [out], at: after(21) }), "lookalike_random");
    expect(atEnd.conclusion.status).toBe("more");
  });

  it("reads runs whose shares moved by the probability that each customer had", async () => {
    // The second run shows more look-alikes, and its customers buy more whatever they see.
    const arms = ([like, random]: readonly number[]) => [
      { arm: "lookalike", share: like ?? 0, band: null } as const,
      { arm: "random", share: random ?? 0, band: null } as const,
    ];
    const at = new Date("2026-03-02T08:00:00Z");
    const runs = [
      { name: "even", faces: arms([0.5, 0.5]), base: 0.05, from: 50_000 },
      { name: "moved", faces: arms([0.9, 0.1]), base: 0.4, from: 60_000 },
    ];
    const rows = runs.flatMap(({ name, faces, base, from }) => {
      const design = { ...DESIGN, faces };
      const own = writeRun({ out: join(folder, name), design, at, from, customers: 6000 });
      return outcomesOf(own, { base, ad: 0, lookalike: 0 }, { seed: from });
    });
    writeOutcomes(join(folder, "moved.csv"), rows);
    const results = await readResults({
      runs: runs.map(({ name }) => join(folder, name)),
      outcomes: join(folder, "moved.csv"),
      at: new Date("2026-06-01T00:00:00Z"),
      resources: { threads: 1 },
    });
    expect(results.hasMovedShares).toBe(true);
    expect(results.gates.filter(({ status }) => status === "failed")).toEqual([]);
    // Pooled by plain means, the look-alike would seem to add some 13 points.
    const { difference, control } = find(results, "lookalike_random");
    expect(difference?.fixed.low).toBeLessThan(0);
    expect(difference?.fixed.high).toBeGreaterThan(0);
    expect(control.mean).toBeCloseTo(0.225, 1);
    expect(find(results, "programme").control.mean).toBeCloseTo(0.225, 1);
  });

  it("compares words and templates, and learns which to show more", async () => {
    const design = {
      ...DESIGN,
      salt: "creative",
      copy: [
        { arm: "plain", share: 0.5 },
        { arm: "question", share: 0.5 },
      ],
      template: [
        { arm: "panel", share: 0.7 },
        { arm: "card", share: 0.3 },
      ],
    };
    const out = join(folder, "creative");
    const own = writeRun({ out, design, at: AT, from: 0, customers: 6000 });
    writeOutcomes(join(folder, "creative.csv"), outcomesOf(own, { ...STRONG, question: 0.1 }));
    const results = await read("creative.csv", { runs: [out], at: after(30) });
    expect(results.gates.filter(({ status }) => status === "failed")).toEqual([]);
    expect(results.gates.some(({ layer, id }) => layer === "template" && id === "sample_ratio")).toBe(true);
    expect(find(results, "copy_question").conclusion.status).toBe("more");
    expect(find(results, "template_card").conclusion.status).toBe("cannot_tell");
    const sources = [{ runs: [out], outcomes: join(folder, "creative.csv"), resources: { threads: 1 } }];
    const learned = await learnShares({ results: sources, at: after(30), design, metric: "converted" });
    const shares = new Map(learned.copy?.map(({ arm, share }) => [arm, share]));
    expect(shares.get("question")).toBeGreaterThan(0.9);
    expect(shares.get("plain")).toBeGreaterThanOrEqual(0.025 - 1e-9);
    const next = withShares(design, learned);
    expect(next.copy?.find(({ arm }) => arm === "question")?.share).toBe(shares.get("question"));
    expect(next.faces).toHaveLength(3);
  });

  it("refuses runs of two experiments, and runs without one", async () => {
    const out = join(folder, "other");
    writeRun({ out, design: { ...DESIGN, salt: "other" }, at: AT, from: 0, customers: 10 });
    await expect(read("strong.csv", { runs: [join(folder, "week0"), out] })).rejects.toMatchObject({
      code: "ERR_OPTION_INVALID",
    });
    await expect(read("strong.csv", { runs: [folder] })).rejects.toMatchObject({
      code: "ERR_RUN_UNREADABLE",
    });
  });
});
