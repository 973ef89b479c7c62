import { differenceOf, wilson } from "../../statistics/index.ts";
import type { GroupContrast, GroupResult, Measured } from "./types.ts";

/** Groups of fewer people are not compared: their intervals contain nearly everything. */
const LEAST_PEOPLE = 20;
const FIGURES = ["matched", "rank1", "falseMatch"] as const;
const ALPHA = 0.05;

/**
 * Whether the data show that groups differ. Photos and pairs of one person depend on each other, so the sample size of a share is the
 * number of people. All pairs of groups are compared, so each interval has a level of 0.05 divided by their number (Bonferroni).
 */
export function contrastGroups(groups: readonly GroupResult[]): readonly GroupContrast[] {
  const known = groups.filter(({ group }) => group !== "unknown");
  const large = known.filter(({ people }) => people >= LEAST_PEOPLE);
  const tooSmall = known.filter(({ people }) => people < LEAST_PEOPLE).map(({ group }) => group);
  return FIGURES.map((figure) => ({ figure, ...widest(large, figure), tooSmall }));
}

type Pair = NonNullable<GroupContrast["widest"]>;

/** The pair of groups that differs most; one whose interval excludes 0, if there is one. */
function widest(
  groups: readonly GroupResult[],
  figure: GroupContrast["figure"],
): Pick<GroupContrast, "verdict" | "widest"> {
  const measured = groups.filter((group) => group[figure] !== null);
  const alpha = ALPHA / Math.max(1, (measured.length * (measured.length - 1)) / 2);
  const pairs = measured.flatMap((a, i) =>
    measured.slice(i + 1).map((b) => contrast(a, b, { figure, alpha })),
  );
  const byDifference = pairs.toSorted((a, b) => b.difference.value - a.difference.value);
  const shown = byDifference.find(({ difference }) => difference.low > 0);
  if (shown !== undefined) return { verdict: "differ", widest: shown };
  return { verdict: pairs.length === 0 ? "too-few" : "not-shown", widest: byDifference[0] ?? null };
}

/** Two groups, the one with the higher share first. */
function contrast(
  a: GroupResult,
  b: GroupResult,
  { figure, alpha }: { readonly figure: GroupContrast["figure"]; readonly alpha: number },
): Pair {
  const estimate = (group: GroupResult): Measured =>
    wilson((group[figure]?.value ?? 0) * group.people, group.people, alpha);
  const [high, low] = estimate(a).value >= estimate(b).value ? [a, b] : [b, a];
  return { high: high.group, low: low.group, difference: differenceOf(estimate(high), estimate(low)) };
}

const NAMES: Readonly<Record<GroupContrast["figure"], string>> = {
  matched: "the share with a match",
  rank1: "rank 1",
  falseMatch: "false matches",
};

/** One sentence, for reports. */
export function describeContrast({ figure, verdict, widest: pair, tooSmall }: GroupContrast): string {
  const name = NAMES[figure];
  const left = tooSmall.length === 0 ? "" : `; fewer than ${LEAST_PEOPLE} people: ${tooSmall.join(", ")}`;
  if (pair === null || verdict === "too-few")
    return `${name}: too few people to compare groups, no conclusion${left}`;
  const { high, low, difference } = pair;
  const points = (share: number) => (100 * share).toFixed(1);
  const figures = `${points(difference.value)} points (${points(difference.low)} to ${points(difference.high)})`;
  return verdict === "differ"
    ? `${name}: ${high} is above ${low} by ${figures}${left}`
    : `${name}: no difference is shown; largest between ${high} and ${low}, ${figures}${left}`;
}
