/**
 * Figures of the offers stage: ranking quality on the Hillstrom experiment (`npm run bench:offers -- <csv>`, default
 * ../shared/data/hillstrom/hillstrom_dev.csv), and the speed of training and scoring on simulated customers. Seeded;
 * prints tables and writes nothing.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { readExperiment } from "../../src/customers/index.ts";
import { createScorer, type OfferModel, type RankingQuality, trainOffers } from "../../src/offers/index.ts";

const SEEDS = [1, 2, 3, 4, 5];
/** Customers of the test sets that published Qini-counts on this experiment refer to. */
const PUBLISHED_TEST_CUSTOMERS = 8_539;
const CREATED_AT = new Date(0);

const hillstrom = resolve(process.argv[2] ?? "../shared/data/hillstrom/hillstrom_dev.csv");
if (existsSync(hillstrom)) await benchQuality(hillstrom);
else console.log(`No Hillstrom experiment at ${hillstrom}: quality not measured.`);
benchSpeed();

async function benchQuality(path: string): Promise<void> {
  const experiment = await readExperiment(path, {
    mapping: { treatment: "segment", outcome: "visit" },
    control: "No E-Mail",
    features: ["recency", "history_segment", "history", "mens", "womens", "zip_code", "newbie", "channel"],
  });
  for (const arm of ["Womens E-Mail", "Mens E-Mail"]) {
    const offers = [{ id: arm, product: arm, margin: 1, cost: 0 }];
    const rows = SEEDS.flatMap((seed) => {
      const { model } = trainOffers({ experiment, offers }, { seed, createdAt: CREATED_AT });
      const ranking = model.metrics.uplift?.arms[0]?.ranking;
      return ranking ? [describeRanking(seed, ranking)] : [];
    });
    console.log(`\nHillstrom, ${arm} against none, visit: means over 5 folds`);
    console.table(rows);
  }
  console.log("Published on one split, T-learner of logistic regressions, women's mail: Qini-count 27.4.");
}

function describeRanking(seed: number, ranking: RankingQuality) {
  const scale = PUBLISHED_TEST_CUSTOMERS / ranking.testCustomers;
  const round = (value: number | null, digits: number) =>
    value === null ? null : Number(value.toFixed(digits));
  return {
    seed,
    [`Qini-count per ${PUBLISHED_TEST_CUSTOMERS}`]: round((ranking.qiniCount.mean ?? 0) * scale, 1),
    "± over folds": round((ranking.qiniCount.deviation ?? 0) * scale, 1),
    "normalised Qini": round(ranking.qiniScore.mean, 4),
    "uplift@30%": round(ranking.upliftAt30.mean, 4),
    AUUC: round(ranking.auuc.mean, 3),
  };
}

function benchSpeed(): void {
  const rows = 200_000;
  const experiment = simulate(rows, 11, 10);
  const startedAt = performance.now();
  const { model } = trainOffers({ experiment }, { createdAt: CREATED_AT });
  const trainSeconds = (performance.now() - startedAt) / 1000;
  console.log("\nSimulated: 10 numeric features, 10 offers against none, one thread");
  console.table([
    { what: `train and cross-validate, ${rows} rows`, seconds: Number(trainSeconds.toFixed(1)) },
    { what: "score 1,000,000 customers x 10 offers", seconds: Number(scoreMillion(model).toFixed(1)) },
  ]);
}

function scoreMillion(model: OfferModel): number {
  const { features, rows } = simulate(4_096, 11, 10);
  const ids = Array.from({ length: rows }, (_, i) => String(i + 1));
  const scorer = createScorer(model);
  const score = (customers: number) => {
    for (let done = 0; done < customers; done += rows) scorer.score({ ids, table: features });
  };
  score(100_000);
  const startedAt = performance.now();
  score(1_000_000);
  return (performance.now() - startedAt) / 1000;
}

/** Numeric features in [0, 1); each offer's uplift grows with one of them. */
function simulate(rows: number, arms: number, width: number) {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  const columns = new Map(
    Array.from({ length: width }, (_, j) => {
      const values = Float64Array.from({ length: rows }, random);
      return [`x${j}`, { kind: "number" as const, values }];
    }),
  );
  const codes = Int32Array.from({ length: rows }, () => Math.floor(random() * arms));
  const outcome = codes.map((arm, row) => {
    const driver = columns.get(`x${(arm + width - 1) % width}`)?.values[row] ?? 0;
    return random() < 0.1 + (arm === 0 ? 0 : 0.1 * (driver - 0.4)) ? 1 : 0;
  });
  const labels = Array.from({ length: arms }, (_, arm) => (arm === 0 ? "none" : `offer ${arm}`));
  return { rows, arms: { labels, codes }, outcome: Float64Array.from(outcome), features: { rows, columns } };
}
