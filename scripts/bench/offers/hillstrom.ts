import { createRandom, randomPermutation } from "../../../src/core/index.ts";
import type { LearnerId } from "../../../src/learning/index.ts";
import {
  type OfferModel,
  type TrainingExperiment,
  trainOffers,
  upliftWords,
} from "../../../src/offers/index.ts";
import { compareRankings, qiniCount, rankByUplift } from "../../../src/statistics/index.ts";
import {
  type BenchOptions,
  CREATED_AT,
  HILLSTROM_ARMS,
  JOBS,
  keepArms,
  meanOf,
  pick,
  readHillstrom,
  round,
  scoresOf,
} from "./tools.ts";

/** Customers of the test sets that published Qini-counts on this experiment refer to. */
const PUBLISHED_TEST_CUSTOMERS = 8_539;
const RIVALS = ["s-logistic", "t-logistic"] as const;

/** The automatic choice against the best of two learners, split by split, and what the arms' verdicts are. */
export async function benchHillstrom({ splits = 15 }: BenchOptions): Promise<void> {
  const [none, men, women] = HILLSTROM_ARMS;
  const visits = await readHillstrom("visit");
  if (visits === null) return;
  await comparePairwise(keepArms(visits, [none, women]), splits);
  const verdicts = [];
  for (const outcome of ["visit", "conversion", "spend"] as const) {
    const whole = await readHillstrom(outcome);
    if (whole === null) return;
    for (const [name, arms] of [
      ["men's mail", [none, men]],
      ["women's mail", [none, women]],
      ["both mails", HILLSTROM_ARMS],
    ] as const) {
      const experiment = keepArms(whole, arms);
      const { model } = await trainOffers({ experiment }, { createdAt: CREATED_AT, jobs: JOBS });
      const heterogeneity = model.uplift?.heterogeneity;
      console.log(`\nHillstrom, ${outcome}, ${name} against none: ${upliftWords(model)}`);
      verdicts.push({
        outcome,
        arms: name,
        learner: model.uplift?.learner,
        differ: heterogeneity?.shown,
        "best for all": heterogeneity?.bestSingle,
        chosen: JSON.stringify(countBests(model, experiment)),
      });
    }
  }
  console.table(verdicts);
}

async function comparePairwise(women: TrainingExperiment, splits: number): Promise<void> {
  const learners: readonly (LearnerId | "auto")[] = ["auto", ...RIVALS];
  const rows = [];
  const sums: Record<string, number[]> = {};
  for (let seed = 1; seed <= splits; seed++) {
    const order = randomPermutation(women.rows, createRandom(seed * 77));
    const cut = Math.floor(women.rows / 5);
    const [test, train] = [pick(women, order.subarray(0, cut)), pick(women, order.subarray(cut))];
    const scores: Record<string, Float64Array> = {};
    const row: Record<string, number | string> = { seed };
    for (const learner of learners) {
      const { model } = await trainOffers(
        { experiment: train },
        { seed, createdAt: CREATED_AT, learner, jobs: JOBS },
      );
      scores[learner] = upliftsOf(model, test);
      const sample = sampleOf(test, scores[learner]);
      row[learner] = round((qiniCount(rankByUplift(sample)) * PUBLISHED_TEST_CUSTOMERS) / test.rows, 1);
      sums[learner] = [...(sums[learner] ?? []), row[learner] as number];
      if (learner === "auto") row.chosen = model.uplift?.learner ?? "";
    }
    const best = (row["s-logistic"] as number) >= (row["t-logistic"] as number) ? "s-logistic" : "t-logistic";
    // Paired: both rankings on the same resampled customers.
    const { qiniCount: difference } = compareRankings(
      sampleOf(test, scores.auto as Float64Array),
      scores[best] as Float64Array,
      { resamples: 500, seed },
    );
    const scale = PUBLISHED_TEST_CUSTOMERS / test.rows;
    const bounds =
      difference && [difference.value, difference.low, difference.high].map((x) => round(x * scale, 1));
    row["auto - best of both"] = bounds === null ? "" : `${bounds[0]} (${bounds[1]} to ${bounds[2]})`;
    row.verdict = (bounds?.[2] ?? 0) < 0 ? "below" : "not below";
    rows.push(row);
  }
  console.log(
    `\nHillstrom, women's mail against none, visit: Qini-count per ${PUBLISHED_TEST_CUSTOMERS}, ${splits} splits 80/20; paired bootstrap of 500 resamples of each test set`,
  );
  console.table(rows);
  console.log(
    learners.map((learner) => `${learner}: mean ${meanOf(sums[learner] ?? []).toFixed(1)}`).join(", "),
  );
}

function sampleOf({ arms, outcome }: TrainingExperiment, scores: Float64Array) {
  return { scores, treated: Uint8Array.from(arms.codes), outcomes: outcome };
}

function upliftsOf(model: OfferModel, { features }: TrainingExperiment): Float64Array {
  return Float64Array.from(scoresOf(model, features), ({ scores: [offer] }) => offer?.uplift ?? 0);
}

function countBests(model: OfferModel, { features }: TrainingExperiment): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { best } of scoresOf(model, features)) counts[best] = (counts[best] ?? 0) + 1;
  return counts;
}
