import {
  type ArmMetrics,
  type OutcomeKind,
  placeboVerdict,
  type UpliftMetrics,
} from "../../learning/index.ts";
import {
  isUntrained,
  type Loyalty,
  learnerWords,
  type NextMetrics,
  type OfferModel,
  priceWords,
  type TrainedOffers,
  UNTRAINED_WORDS,
  upliftWords,
} from "../../offers/index.ts";
import { experimentWarnings, isUnfit } from "../../statistics/index.ts";
import type { RowReport } from "../../tables/index.ts";
import type { Output } from "../output.ts";
import { snakeCase } from "../snake-case.ts";

/** The report of `lookalike train` on the model. */

/** Describes the model for people. */
export function describeTraining(output: Output, path: string, { model }: TrainedOffers): void {
  const { uplift, next, placebo, prices = [] } = model.metrics;
  for (const warning of trainingWarnings(model)) output.say(`warning: ${warning}`);
  if (uplift) {
    output.say(`Uplift from ${uplift.rows} rows, against ${uplift.control.name}:`);
    for (const line of describeArms(uplift)) output.say(`  ${line}`);
    output.say(`Learner ${uplift.learner}: ${learnerWords(uplift.choice)}`);
    output.say(upliftWords(model));
    for (const response of prices) output.say(priceWords(response, model.currency));
  }
  if (placebo) output.say(`${placebo.found ? "warning: " : ""}${placeboVerdict(placebo)}`);
  if (next) {
    output.say(`Next purchases, ${next.rows} choices (an association, not an effect):`);
    for (const loyalty of next.loyalty) output.say(`  ${describeLoyalty(loyalty)}`);
    if (next.contest) output.say(describeContest(next.contest));
  }
  if (isUntrained(model)) output.say(UNTRAINED_WORDS);
  output.say(`Model written to ${path}`);
}

/** Warnings on the experiment and its columns, the same in text and in JSON. */
function trainingWarnings(model: OfferModel): string[] {
  const { checks, uplift, next } = model.metrics;
  const revealing = next?.revealing ?? [];
  const known =
    revealing.length === 0
      ? []
      : [
          `Columns that reveal the product bought, so that they were recorded with the purchase: ${revealing.join(", ")}; not used`,
        ];
  if (!checks) return known;
  const used = new Set(uplift && model.uplift?.schema.features.map(({ name }) => name));
  const unused = checks.columns.filter((finding) => isUnfit(finding) && !used.has(finding.feature));
  const names = [...new Set(unused.map(({ feature }) => feature))];
  return [
    ...known,
    ...experimentWarnings(checks),
    ...(names.length > 0
      ? [`Not used as features: ${names.join(", ")} (name a column as a feature to use it)`]
      : []),
    ...encodedByOutcome(model),
  ];
}

function encodedByOutcome({ uplift }: OfferModel): string[] {
  const names = (uplift?.schema.features ?? []).flatMap((feature) =>
    feature.kind === "category" && feature.encoding !== undefined ? [feature.name] : [],
  );
  return names.length === 0
    ? []
    : [`Columns with many texts, for which the mean outcome of each text was added: ${names.join(", ")}`];
}

/** Most offers with a line of their own; of more, those with the largest effects. */
const MOST_LINES = 5;

function describeArms(metrics: UpliftMetrics): string[] {
  const { arms, doubts = [] } = metrics;
  const shown = [...arms].sort((a, b) => b.averageUplift.value - a.averageUplift.value).slice(0, MOST_LINES);
  const kept = arms.length > MOST_LINES ? shown : arms;
  const describe = doubts.length > 0 ? describeUncertain : describeArm;
  const lines = kept.map((arm) => describe(arm, metrics));
  const left = arms.length - kept.length;
  return left > 0 ? [...lines, `and ${left} more with smaller effects (--json lists all)`] : lines;
}

/** If effects cannot be determined, all figures are printed and none is called the effect. */
function describeUncertain(arm: ArmMetrics, metrics: UpliftMetrics): string {
  const raw = rawDifference(arm, metrics.outcome);
  const adjusted = isAdjusted(metrics)
    ? `, adjusted for the columns ${amount(arm.averageUplift.value, metrics.outcome)}`
    : "";
  return `${arm.offerId}: cannot tell (plain difference ${raw}${adjusted})`;
}

/** Whether probabilities differ between customers; else the average effect is the plain difference. */
function isAdjusted({ propensity }: UpliftMetrics): boolean {
  return propensity.source !== "shares";
}

function rawDifference({ rawUplift }: ArmMetrics, outcome: OutcomeKind): string {
  if (rawUplift === undefined) return "unknown";
  const { value, low, high } = rawUplift;
  return `${amount(value, outcome)} (${amount(low, outcome)} to ${amount(high, outcome)})`;
}

function describeArm(arm: ArmMetrics, metrics: UpliftMetrics): string {
  const { offerId, averageUplift, ranking } = arm;
  const { outcome } = metrics;
  const unit = outcome === "binary" ? "points" : "per customer";
  const { value, low, high } = averageUplift;
  const average = `${offerId}: ${amount(value, outcome)} ${unit} on average (${amount(low, outcome)} to ${amount(high, outcome)})`;
  const raw = isAdjusted(metrics) ? `; ${rawDifference(arm, outcome)} without weighting` : "";
  const count = ranking?.qiniCount;
  if (!ranking || count?.mean == null)
    return `${average}; too few rows to test for which customers it works${raw}`;
  const spread = count.deviation === null ? "" : ` ± ${count.deviation.toFixed(1)}`;
  return `${average}; Qini-count ${count.mean.toFixed(1)}${spread} per ${Math.round(ranking.testCustomers)} customers${raw}`;
}

/** An effect: points of a rate, or an amount. */
function amount(value: number, outcome: OutcomeKind): string {
  return outcome === "binary" ? points(value) : value.toPrecision(3);
}

/** Figures on purchases after those of training. */
function describeContest({ chosen, rows, test }: NonNullable<NextMetrics["contest"]>): string {
  const [own, table] = [test[chosen], test["switching table"]];
  const losses = `log-loss ${own.logLoss.toFixed(3)} (switching table ${table.logLoss.toFixed(3)})`;
  const recall = `mean recall ${points(own.balancedAccuracy)} % if the likeliest is named, ${points(own.balancedByLift)} % if the highest lift is (switching table ${points(table.balancedAccuracy)} %)`;
  return `Model ${chosen}; on the latest ${rows.test} purchases: ${losses}; ${recall}`;
}

function describeLoyalty({ manufacturer, customers, rate }: Loyalty): string {
  return `${manufacturer}: ${points(rate.value)} % stay (${points(rate.low)} to ${points(rate.high)}), ${customers} choices`;
}

function points(share: number): string {
  return (100 * share).toFixed(1);
}

/** Warnings on the rows, the experiment and its columns. */
export function allWarnings(model: OfferModel, reports: readonly RowReport[]): string[] {
  return [
    ...reports.flatMap(({ warnings }) => warnings.map(({ message }) => message)),
    ...trainingWarnings(model),
  ];
}

export function trainingJson(
  path: string,
  { model, refusals }: TrainedOffers,
  reports: readonly RowReport[],
): unknown {
  const count = (field: "read" | "refused") => reports.reduce((sum, report) => sum + report[field], 0);
  return snakeCase({
    model: path,
    createdAt: model.createdAt,
    seed: model.seed,
    currency: model.currency ?? null,
    offers: model.offers,
    data: model.data,
    rows: { read: count("read"), refused: count("refused") },
    warnings: allWarnings(model, reports),
    verdict: upliftWords(model),
    refusals: refusals.map(({ offerId, rows, error }) => ({ offerId, rows, ...error.toJSON() })),
    metrics: model.metrics,
  });
}

/** The training data's size, for the audit log. */
export function auditDetail({ model }: TrainedOffers, path: string) {
  const { uplift, next } = model.metrics;
  return {
    model: path,
    offers: model.offers.length,
    experimentRows: uplift?.rows ?? 0,
    purchaseRows: next?.rows ?? 0,
    learner: uplift?.learner ?? null,
    seed: model.seed,
  };
}
