import { autoc } from "./autoc.ts";
import { auuc } from "./auuc.ts";
import { type BootstrapOptions, bootstrap, percentileInterval } from "./bootstrap.ts";
import { type EffectContext, effectScores } from "./effect-scores.ts";
import type { Estimate } from "./intervals.ts";
import { qiniCount, qiniCurve, qiniScore } from "./qini.ts";
import {
  emptyRanking,
  type Ranking,
  rankSorted,
  type SortedSample,
  sortByUplift,
  type UpliftSample,
} from "./ranking.ts";
import { cumulatedAt, upliftAt, upliftAtByGroup } from "./uplift-at.ts";

/** Every ranking metric with its bootstrap interval (95 %); null if it is undefined for this sample. */
export type RankingMetrics = { readonly [name in RankingMetric]: Estimate | null };

const RANKING_METRICS = [
  "qiniCount",
  "qiniScore",
  "upliftAt10",
  "upliftAt30",
  "upliftAt30ByGroup",
  "auuc",
  "autoc",
] as const;
type RankingMetric = (typeof RANKING_METRICS)[number];

/** A Qini curve on a grid of shares, with a pointwise 95 % band. */
interface QiniBand {
  /** Share of customers ranked, from 0 to 1. */
  readonly share: readonly number[];
  readonly curve: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Value of the curve at its end; the straight line to it is the random order. */
  readonly end: number;
}

export interface MeasuredRanking {
  readonly customers: number;
  readonly metrics: RankingMetrics;
  readonly qini: QiniBand;
}

const GRID = 50;

/**
 * Measures a ranking: every metric of `RANKING_METRICS` and the Qini curve, with bootstrap intervals.
 * Normalised Qini is null unless the outcomes are 0 and 1. 51,000 customers x 500 resamples take a few
 * seconds.
 *
 * @throws as `rankByUplift`; ERR_OPTION_INVALID a propensity outside (0, 1]
 */
export function measureRanking(
  sample: UpliftSample,
  context: EffectContext = {},
  options: BootstrapOptions = {},
): MeasuredRanking {
  const measured = prepare(sample, context);
  const rows = sample.scores.length;
  const statistics = (weights?: Uint8Array) => {
    const ranking = measured.rank(weights);
    return [...metricsOf(measured, ranking, weights), ...curveOn(ranking)];
  };
  const values = statistics();
  const resampled = bootstrap(rows, statistics, options);
  const estimates = values.map((value, i) => percentileInterval(value, resampled[i] ?? []));
  const metrics = Object.fromEntries(RANKING_METRICS.map((name, i) => [name, estimates[i] ?? null]));
  const curve = values.slice(RANKING_METRICS.length).map((value) => value ?? 0);
  const band = estimates.slice(RANKING_METRICS.length);
  return {
    customers: rows,
    metrics: metrics as RankingMetrics,
    qini: {
      share: curve.map((_, i) => i / GRID),
      curve,
      low: curve.map((value, i) => band[i]?.low ?? value),
      high: curve.map((value, i) => band[i]?.high ?? value),
      end: curve.at(-1) ?? 0,
    },
  };
}

/**
 * Paired comparison of two rankings of the same customers: metric(a) - metric(b), both on the same resamples,
 * so that common noise cancels. An interval above 0 means that `a` is better.
 *
 * @param scores of the other ranking, in the order of the sample's rows
 * @throws as `measureRanking`
 */
export function compareRankings(
  sample: UpliftSample,
  scores: Float64Array,
  { context = {}, ...options }: BootstrapOptions & { readonly context?: EffectContext | undefined } = {},
): RankingMetrics {
  const [a, b] = [prepare(sample, context), prepare({ ...sample, scores }, context)];
  const difference = (weights?: Uint8Array) => {
    const left = metricsOf(a, a.rank(weights), weights);
    const right = metricsOf(b, b.rank(weights), weights);
    return left.map((value, i) => {
      const other = right[i] ?? null;
      return value === null || other === null ? null : value - other;
    });
  };
  const values = difference();
  const resampled = bootstrap(sample.scores.length, difference, options);
  return Object.fromEntries(
    RANKING_METRICS.map((name, i) => [name, percentileInterval(values[i] ?? null, resampled[i] ?? [])]),
  ) as RankingMetrics;
}

interface Prepared {
  readonly sorted: SortedSample;
  readonly effects: Float64Array;
  readonly isBinary: boolean;
  /** The ranking of a resample; overwritten by the next one. */
  rank(weights?: Uint8Array): Ranking;
}

function prepare(sample: UpliftSample, context: EffectContext): Prepared {
  const sorted = sortByUplift(sample);
  const reused = emptyRanking(sorted.steps);
  return {
    sorted,
    effects: effectScores(sample, context),
    isBinary: sample.outcomes.every((outcome) => outcome === 0 || outcome === 1),
    rank: (weights) => rankSorted(sorted, weights, reused),
  };
}

/** In the order of `RANKING_METRICS`; all null in a resample that lost an arm. */
function metricsOf(
  { sorted, effects, isBinary }: Prepared,
  ranking: Ranking,
  weights: Uint8Array | undefined,
): (number | null)[] {
  const last = ranking.customers.length - 1;
  if (ranking.treated[last] === 0 || ranking.control[last] === 0) return RANKING_METRICS.map(() => null);
  return [
    qiniCount(ranking),
    isBinary ? qiniScore(ranking) : null,
    upliftAt(ranking, 0.1),
    upliftAt(ranking, 0.3),
    upliftAtByGroup(ranking, 0.3),
    auuc(ranking),
    autoc(sorted, effects, weights),
  ];
}

function curveOn(ranking: Ranking): number[] {
  const curve = qiniCurve(ranking);
  const customers = ranking.customers[ranking.customers.length - 1] as number;
  return Array.from({ length: GRID + 1 }, (_, i) =>
    cumulatedAt(ranking.customers, curve, (i / GRID) * customers),
  );
}
