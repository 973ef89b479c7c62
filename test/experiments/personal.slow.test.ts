import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Column, categoryColumn, createRandom, numberColumn, type Table } from "../../src/core/index.ts";
import {
  createPersonalShares,
  type ExperimentDesign,
  holdoutDesign,
  learnShares,
  loadShares,
  type PersonalPolicy,
  personalColumns,
  personalPolicy,
  readResults,
  type SharePolicy,
  saveShares,
  withShares,
} from "../../src/experiments/index.ts";
import { folderOfFile } from "../temporary.ts";
import { type SimulatedDecision, TWO_FACES, writeOutcomes, writeRun } from "./world.ts";

const AT = new Date("2026-03-02T08:00:00Z");
const LATER = new Date("2026-06-01T00:00:00Z");
const DESIGN: ExperimentDesign = {
  ...holdoutDesign("autumn", { holdout: 0.1, seed: 1 }),
  windowDays: 7,
  faces: TWO_FACES,
};
const CUSTOMERS = 6000;

/** Every fourth customer is missing an age; the young buy with the look-alike, the old with the random face. */
const ageOf = (i: number) => (i % 4 === 1 ? null : 20 + ((i * 7) % 50));
const regionOf = (i: number) => (i % 5 === 0 ? "north" : "south");
const isYoung = (i: number) => 20 + ((i * 7) % 50) < 45;
const numberOf = (id: string) => Number(id.slice(1));

function* batches(size = 1000): Generator<{ ids: string[]; table: Table }> {
  for (let from = 0; from < CUSTOMERS; from += size) {
    const numbers = Array.from({ length: size }, (_, i) => from + i);
    const columns = new Map<string, Column>([
      ["age", numberColumn(numbers.map(ageOf))],
      ["region", categoryColumn(numbers.map(regionOf))],
    ]);
    yield { ids: numbers.map((i) => `k${i}`), table: { rows: size, columns } };
  }
}
const customers = {
  async *[Symbol.asyncIterator]() {
    yield* batches();
  },
};
const CONTEXT = { names: ["age", "region"], customers };

const folder = folderOfFile();
let policy: SharePolicy;

function outcomesOf(decided: readonly SimulatedDecision[]): string[][] {
  const random = createRandom(5);
  return decided.flatMap(({ decision, at }) => {
    const { assignment, customer_id: id } = decision;
    const face = assignment?.face?.arm ?? null;
    const suits = face !== null && (face === "lookalike") === isYoung(numberOf(id));
    const chance = suits ? 0.3 : 0.1;
    return random() < chance ? [[id, new Date(at.getTime() + 3_600_000).toISOString(), "1", "10"]] : [];
  });
}

const source = (name: string) => ({
  runs: [join(folder, name)],
  outcomes: join(folder, `${name}.csv`),
  resources: { threads: 1 },
});

beforeAll(async () => {
  const decided = writeRun({
    out: join(folder, "even"),
    design: DESIGN,
    at: AT,
    from: 0,
    customers: CUSTOMERS,
  });
  writeOutcomes(join(folder, "even.csv"), outcomesOf(decided));
  policy = await learnShares({
    results: [source("even")],
    at: LATER,
    design: { faces: TWO_FACES },
    metric: "converted",
    algorithm: "lin-ts",
    context: CONTEXT,
  });
});

const requirePersonal = (own: SharePolicy): PersonalPolicy => {
  const found = personalPolicy(own);
  if (found === null) throw new Error("a policy without regressions");
  return found;
};

const sharesOf = (own: SharePolicy, table: Table, row: number) => {
  const shares = createPersonalShares(requirePersonal(own), withShares(DESIGN, own))(table)(row);
  return Object.fromEntries((shares.faces ?? []).map(({ arm, share }) => [arm, share]));
};

const people: Table = {
  rows: 4,
  columns: new Map<string, Column>([
    ["age", numberColumn([24, 66, null, 1e9])],
    ["region", categoryColumn(["south", "south", null, "elsewhere"])],
  ]),
};

describe("shares that depend on the customer", () => {
  it("follow the customer's columns, above a floor, and sum to one", () => {
    const [young, old] = [sharesOf(policy, people, 0), sharesOf(policy, people, 1)];
    expect(young.lookalike).toBeGreaterThan(0.95);
    expect(old.random).toBeGreaterThan(0.95);
    for (const row of [0, 1, 2, 3]) {
      const own = Object.values(sharesOf(policy, people, row));
      expect(own.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      expect(Math.min(...own)).toBeGreaterThanOrEqual(0.025 - 1e-12);
    }
    // Missing columns count as average, and an absurd age no more than four deviations.
    expect(sharesOf(policy, people, 2).lookalike).toBeLessThan(young.lookalike ?? 0);
    expect(sharesOf(policy, people, 3).random).toBeGreaterThan(0.95);
  });

  it("are stored with the mean over the customers, and give the same after reading", async () => {
    const mean = policy.arms.find(({ arm }) => arm === "lookalike")?.share ?? 0;
    expect(mean).toBeGreaterThan(0.3);
    expect(mean).toBeLessThan(0.7);
    const path = join(folder, "policy.json");
    await saveShares(policy, path);
    const read = await loadShares(path);
    expect(personalColumns(requirePersonal(read))).toEqual(["age", "region"]);
    expect(sharesOf(read, people, 0)).toEqual(sharesOf(policy, people, 0));
    const cut = JSON.parse(readFileSync(path, "utf8"));
    cut.linear.faces[0].b.pop();
    writeFileSync(path, JSON.stringify(cut));
    await expect(loadShares(path)).rejects.toMatchObject({ code: "ERR_MODEL_UNREADABLE" });
  });

  it("send everyone to the highest upper bound with lin-ucb, above the floor", async () => {
    const ucb = await learnShares({
      results: [source("even")],
      at: LATER,
      design: { faces: TWO_FACES },
      metric: "value",
      algorithm: "lin-ucb",
      uniform: 0.2,
      context: CONTEXT,
    });
    expect(sharesOf(ucb, people, 0)).toEqual({ lookalike: 0.9, random: 0.1 });
    expect(sharesOf(ucb, people, 1)).toEqual({ lookalike: 0.1, random: 0.9 });
  });

  it("do not favour the arm that a run in a better month showed more", async () => {
    const faces = TWO_FACES.map((own) => ({ ...own, share: own.arm === "random" ? 0.9 : 0.1 }));
    const rich = { ...DESIGN, salt: "rich", faces };
    const decided = writeRun({
      out: join(folder, "rich"),
      design: rich,
      at: AT,
      from: 0,
      customers: CUSTOMERS,
    });
    writeOutcomes(
      join(folder, "rich.csv"),
      decided.flatMap(({ decision, at }, i) =>
        i % 2 === 0 || i % 3 === 0
          ? [[decision.customer_id, new Date(at.getTime() + 3_600_000).toISOString(), "1", "10"]]
          : [],
      ),
    );
    const both = await learnShares({
      results: [source("even"), source("rich")],
      at: LATER,
      design: { faces: TWO_FACES },
      metric: "converted",
      algorithm: "lin-ts",
      context: CONTEXT,
    });
    expect(sharesOf(both, people, 0).lookalike).toBeGreaterThan(0.95);
    expect(sharesOf(both, people, 1).random).toBeGreaterThan(0.95);
  });

  it("stay even while an arm has fewer than 100 customers", async () => {
    const young = await learnShares({
      results: [source("even")],
      at: AT,
      design: { faces: TWO_FACES },
      metric: "converted",
      algorithm: "lin-ts",
      context: CONTEXT,
    });
    expect(sharesOf(young, people, 0)).toEqual({ lookalike: 0.5, random: 0.5 });
  });

  it("refuses unknown columns, and columns with too many labels", async () => {
    const learn = (names: readonly string[]) =>
      learnShares({
        results: [source("even")],
        at: LATER,
        design: { faces: TWO_FACES },
        metric: "converted",
        algorithm: "lin-ts",
        context: { names, customers },
      });
    await expect(learn(["age", "tenure"])).rejects.toMatchObject({ code: "ERR_FEATURE_MISSING" });
    const many = {
      async *[Symbol.asyncIterator]() {
        const labels = Array.from({ length: 2000 }, (_, i) => `town ${i % 60}`);
        const columns = new Map([["town", categoryColumn(labels)]]);
        yield { ids: labels.map((_, i) => `k${i}`), table: { rows: labels.length, columns } };
      },
    };
    const result = learnShares({
      results: [source("even")],
      at: LATER,
      design: { faces: TWO_FACES },
      metric: "converted",
      algorithm: "lin-ts",
      context: { names: ["town"], customers: many },
    });
    await expect(result).rejects.toMatchObject({ code: "ERR_OPTION_INVALID" });
  });
});

describe("results of a run with such shares", () => {
  const personalRun = (name: string, change?: Parameters<typeof writeRun>[0]["change"]) => {
    const tables = [...batches(CUSTOMERS)];
    const table = tables[0]?.table;
    if (table === undefined) throw new Error("no customers");
    const learned = withShares(DESIGN, policy);
    const shares = createPersonalShares(requirePersonal(policy), learned)(table);
    const design = { ...learned, salt: "second", personal: ["age", "region"] };
    const decided = writeRun({
      out: join(folder, name),
      design,
      designOf: (i) => ({ ...design, ...shares(i) }),
      at: AT,
      from: 0,
      customers: CUSTOMERS,
      ...(change === undefined ? {} : { change }),
    });
    writeOutcomes(join(folder, `${name}.csv`), outcomesOf(decided));
  };

  it("weighs each customer by their probability, so that a difference that is none is not found", async () => {
    personalRun("moved");
    const { comparisons, gates, hasMovedShares } = await readResults({ ...source("moved"), at: LATER });
    expect(hasMovedShares).toBe(true);
    expect(gates.filter(({ status }) => status === "failed")).toEqual([]);
    const faces = comparisons.find(({ question }) => question.id === "lookalike_random");
    // Each arm suits half of the customers: without weights both would seem to sell to 30 %.
    expect(faces?.arm.mean).toBeGreaterThan(0.13);
    expect(faces?.arm.mean).toBeLessThan(0.27);
    expect(Math.abs(faces?.difference?.value ?? 1)).toBeLessThan(0.08);
  });

  it("finds customers of one arm who were lost", async () => {
    personalRun("lost", (decision) =>
      decision.assignment?.face?.arm === "random" && numberOf(decision.customer_id) % 3 === 0
        ? null
        : decision,
    );
    const { gates, isHealthy } = await readResults({ ...source("lost"), at: LATER });
    expect(isHealthy).toBe(false);
    expect(gates.find(({ id, layer }) => id === "sample_ratio" && layer === "face")?.status).toBe("failed");
  });
});
