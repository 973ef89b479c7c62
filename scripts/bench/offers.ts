/**
 * Figures of the offers stage: `npm run bench:offers -- [section ...]`, sections `hillstrom`, `telco`, `boosting`,
 * `train`, `score` (default: all). Hillstrom is read from ../shared/data/hillstrom/hillstrom_dev.csv where it exists.
 * Seeded; prints tables and writes nothing.
 */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { readExperiment } from "../../src/customers/index.ts";
import { predictBoosting } from "../../src/offers/boosting/predict.ts";
import { BOOSTING_DEFAULTS, fitBoosting } from "../../src/offers/boosting/train.ts";
import { binRows, learnBins } from "../../src/offers/features/bins.ts";
import {
  createScorer,
  type LearnerId,
  qiniCount,
  rankByUplift,
  type TrainingExperiment,
  trainOffers,
} from "../../src/offers/index.ts";
import { createRandom, randomPermutation } from "../../src/random.ts";
import type { Column, Table } from "../../src/table.ts";
import { OFFERS } from "../simulate/campaign.ts";
import { simulateTelco } from "../simulate/telco.ts";

const CREATED_AT = new Date(0);
const JOBS = availableParallelism();
/** Customers of the test sets that published Qini-counts on this experiment refer to. */
const PUBLISHED_TEST_CUSTOMERS = 8_539;
const SPLITS = 5;

const SECTIONS: Readonly<Record<string, () => Promise<void> | void>> = {
  hillstrom: benchHillstrom,
  telco: benchTelco,
  boosting: benchBoosting,
  train: benchTrain,
  score: benchScore,
};
const asked = process.argv.slice(2);
for (const [name, bench] of Object.entries(SECTIONS)) {
  if (asked.length === 0 || asked.includes(name)) await bench();
}

async function benchHillstrom(): Promise<void> {
  const path = resolve("../shared/data/hillstrom/hillstrom_dev.csv");
  if (!existsSync(path)) return void console.log(`No Hillstrom experiment at ${path}: quality not measured.`);
  const whole = await readExperiment(path, {
    mapping: { treatment: "segment", outcome: "visit" },
    control: "No E-Mail",
    features: ["recency", "history_segment", "history", "mens", "womens", "zip_code", "newbie", "channel"],
  });
  const women = keepArms(whole, ["No E-Mail", "Womens E-Mail"]);
  const learners: readonly (LearnerId | "auto")[] = ["auto", "s-logistic", "t-logistic"];
  const rows = [];
  for (let seed = 1; seed <= SPLITS; seed++) {
    const order = randomPermutation(women.rows, createRandom(seed * 77));
    const cut = Math.floor(women.rows / 5);
    const [test, train] = [pick(women, order.subarray(0, cut)), pick(women, order.subarray(cut))];
    const row: Record<string, number | string> = { seed };
    for (const learner of learners) {
      const { model } = await trainOffers(
        { experiment: train },
        { seed, createdAt: CREATED_AT, learner, jobs: JOBS },
      );
      row[learner] = round(heldOutQini(model, test), 1);
      if (learner === "auto") row.chosen = model.uplift?.learner ?? "";
    }
    rows.push(row);
  }
  console.log(
    `\nHillstrom, women's mail against none, visit: Qini-count per ${PUBLISHED_TEST_CUSTOMERS}, 80/20 splits`,
  );
  console.table(rows);
  for (const [name, experiment] of [
    ["men's mail against none", keepArms(whole, ["No E-Mail", "Mens E-Mail"])],
    ["all arms", whole],
  ] as const) {
    const { model } = await trainOffers({ experiment }, { createdAt: CREATED_AT, jobs: JOBS });
    const bests = countBests(model, experiment.features);
    console.log(
      `\nHillstrom, ${name}: ${model.uplift?.heterogeneity.verdict}\nbest: ${JSON.stringify(bests)}`,
    );
  }
}

function heldOutQini(
  model: Parameters<typeof createScorer>[0],
  { rows, arms, outcome, features }: TrainingExperiment,
): number {
  const scores = createScorer(model).score({ ids: numbered(rows), table: features });
  const ranking = rankByUplift({
    scores: Float64Array.from(scores, ({ scores: [offer] }) => offer?.uplift ?? 0),
    treated: Uint8Array.from(arms.codes),
    outcomes: outcome,
  });
  return (qiniCount(ranking) * PUBLISHED_TEST_CUSTOMERS) / rows;
}

function countBests(model: Parameters<typeof createScorer>[0], table: Table): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { best } of createScorer(model).score({ ids: numbered(table.rows), table })) {
    counts[best] = (counts[best] ?? 0) + 1;
  }
  return counts;
}

async function benchTelco(): Promise<void> {
  const customers = 200_000;
  const telco = simulateTelco({ customers, months: 8, callsPerMonth: 1, seed: 3 });
  const arm = telco.experiment.columns.get("offer_id");
  const bought = telco.experiment.columns.get("converted");
  if (arm?.kind !== "category" || bought?.kind !== "number")
    throw new TypeError("an experiment was expected");
  const names = ["residence", "age", "current_manufacturer", "tenure_months"];
  const features: Table = {
    rows: customers,
    columns: new Map(names.map((name) => [name, telco.experiment.columns.get(name) as Column])),
  };
  const experiment = { rows: customers, arms: arm, outcome: bought.values, features };
  const rows = [];
  for (const learner of ["auto", "s-logistic", "t-boosting"] as const) {
    const startedAt = performance.now();
    const { model } = await trainOffers({ experiment }, { createdAt: CREATED_AT, learner, jobs: JOBS });
    const seconds = (performance.now() - startedAt) / 1000;
    const scores = createScorer(model).score({ ids: numbered(customers), table: features });
    let [squares, gained, possible] = [0, 0, 0];
    for (const [row, { scores: offers, best }] of scores.entries()) {
      const truth = OFFERS.map((offer) => numberAt(telco.truth, `uplift_${offer}`, row));
      for (const { offerId, uplift } of offers) {
        squares += ((uplift ?? 0) - (truth[OFFERS.indexOf(offerId as (typeof OFFERS)[number])] ?? 0)) ** 2;
      }
      gained += truth[OFFERS.indexOf(best as (typeof OFFERS)[number])] ?? 0;
      possible += Math.max(0, ...truth);
    }
    rows.push({
      asked: learner,
      learner: model.uplift?.learner,
      "RMSE of uplift": round(Math.sqrt(squares / customers / OFFERS.length), 4),
      "regret, % of the perfect gain": round(100 * (1 - gained / possible), 2),
      seconds: round(seconds, 1),
    });
  }
  console.log(`\nSimulated telco, ${customers} customers, ${OFFERS.length} offers against none`);
  console.table(rows);
}

function benchBoosting(): void {
  const { rows, features, outcome } = simulate(1_000_000, 2, 10);
  const [schema, binSeconds] = timed(() => learnBins(features));
  const [binned, fillSeconds] = timed(() => binRows(schema, features));
  const everyone = Uint32Array.from({ length: rows }, (_, row) => row);
  const data = { binned, features: schema.features, targets: outcome, weights: null, rows: everyone };
  const [model, fitSeconds] = timed(() =>
    fitBoosting(data, { ...BOOSTING_DEFAULTS, loss: "logistic", seed: 1 }),
  );
  const [, predictSeconds] = timed(() => predictBoosting(model, binned));
  console.log("\nBoosting, 1,000,000 rows x 10 features, 100 trees of 31 leaves, one thread");
  console.table({
    seconds: {
      bin: round(binSeconds + fillSeconds, 1),
      fit: round(fitSeconds, 1),
      predict: round(predictSeconds, 1),
    },
  });
}

async function benchTrain(): Promise<void> {
  const experiment = simulate(1_000_000, 3, 10);
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 200);
  const startedAt = performance.now();
  const { model } = await trainOffers({ experiment }, { createdAt: CREATED_AT, jobs: JOBS });
  clearInterval(watch);
  console.log("\nTrain with automatic choice, 1,000,000 rows x 10 features x 3 arms");
  console.table([
    {
      learner: model.uplift?.learner,
      threads: JOBS,
      seconds: round((performance.now() - startedAt) / 1000, 1),
      "peak GB, all threads": round(peak / 2 ** 30, 2),
    },
  ]);
}

async function benchScore(): Promise<void> {
  const experiment = simulate(200_000, 11, 10);
  const rows = [];
  for (const learner of ["s-logistic", "t-boosting"] as const) {
    const { model } = await trainOffers({ experiment }, { createdAt: CREATED_AT, learner, jobs: JOBS });
    const { features, rows: size } = simulate(8_192, 11, 10);
    const ids = numbered(size);
    const scorer = createScorer(model);
    const score = (customers: number) => {
      for (let done = 0; done < customers; done += size) scorer.score({ ids, table: features });
    };
    score(100_000);
    const [, seconds] = timed(() => score(1_000_000));
    rows.push({ learner, shown: model.uplift?.heterogeneity.shown, seconds: round(seconds, 1) });
  }
  console.log("\nScore 1,000,000 customers x 10 offers, 10 features, one thread");
  console.table(rows);
}

function timed<T>(work: () => T): [T, number] {
  const startedAt = performance.now();
  const result = work();
  return [result, (performance.now() - startedAt) / 1000];
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function numbered(rows: number): string[] {
  return Array.from({ length: rows }, (_, i) => String(i + 1));
}

function numberAt(table: Table, name: string, row: number): number {
  const column = table.columns.get(name);
  return column?.kind === "number" ? (column.values[row] as number) : Number.NaN;
}

function keepArms(experiment: TrainingExperiment, labels: readonly string[]): TrainingExperiment {
  const { arms } = experiment;
  const codeOf = arms.labels.map((label) => labels.indexOf(label));
  const rows = Uint32Array.from(arms.codes.keys()).filter(
    (row) => (codeOf[arms.codes[row] as number] ?? -1) >= 0,
  );
  const kept = pick(experiment, rows);
  return { ...kept, arms: { labels, codes: kept.arms.codes.map((code) => codeOf[code] as number) } };
}

function pick({ arms, outcome, features }: TrainingExperiment, rows: Uint32Array): TrainingExperiment {
  const columns = [...features.columns].map(([name, column]): [string, Column] => [
    name,
    column.kind === "number"
      ? { kind: "number", values: Float64Array.from(rows, (row) => column.values[row] as number) }
      : { ...column, codes: Int32Array.from(rows, (row) => column.codes[row] as number) },
  ]);
  return {
    rows: rows.length,
    arms: { labels: arms.labels, codes: Int32Array.from(rows, (row) => arms.codes[row] as number) },
    outcome: Float64Array.from(rows, (row) => outcome[row] as number),
    features: { rows: rows.length, columns: new Map(columns) },
  };
}

/** Numeric features in [0, 1); each offer's uplift grows with one of them. */
function simulate(rows: number, arms: number, width: number): TrainingExperiment {
  const random = createRandom(1);
  const columns = Array.from({ length: width }, () => Float64Array.from({ length: rows }, random));
  const codes = Int32Array.from({ length: rows }, () => Math.floor(random() * arms));
  const outcome = Float64Array.from(codes, (arm, row) => {
    const driver = columns[(arm + width - 1) % width]?.[row] ?? 0;
    return random() < 0.1 + (arm === 0 ? 0 : 0.1 * (driver - 0.4)) ? 1 : 0;
  });
  const labels = Array.from({ length: arms }, (_, arm) => (arm === 0 ? "none" : `offer ${arm}`));
  const features = new Map(
    columns.map((values, j): [string, Column] => [`x${j}`, { kind: "number", values }]),
  );
  return { rows, arms: { labels, codes }, outcome, features: { rows, columns: features } };
}
