import { contrastGroups } from "./contrasts.ts";
import { share } from "./intervals.ts";
import type { MatchOutcome } from "./matches.ts";
import type { ComparedPair, GroupReport, GroupResult, IdentificationReport } from "./types.ts";
import { isRight } from "./verification.ts";

/** Attributes of people from the people file: by column, then by person. */
export type PeopleColumns = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Columns with more distinct numbers than this are split into bands. */
const MOST_NUMBERS = 8;
const BANDS = 4;

/** The data that the figures of a group are computed from. */
export interface GroupInput {
  readonly pairs: readonly ComparedPair[];
  readonly ranks: IdentificationReport["ranks"];
  readonly threshold: number;
  /** Whether each photo's person gets a match (`evaluateMatches`); absent: not known. */
  readonly matches?: readonly MatchOutcome[] | undefined;
}

/**
 * Fairness: the error rates of each group of people at one common threshold. A pair belongs to a group if both people do;
 * people without a value form the group `unknown`. Numeric columns with many values are split into four bands with
 * about equal numbers of people.
 *
 * Source of the two rates: Grother et al. 2019, 'FRVT part 3: demographic effects', NISTIR 8280.
 *
 * @param values of one column, by person
 *
 * @example
 * const { ranks } = evaluateIdentification(photos);
 * const report = evaluateGroups("gender", new Map([["p1", "female"]]), { pairs, ranks, threshold: 0.6 });
 */
export function evaluateGroups(
  column: string,
  values: ReadonlyMap<string, string>,
  { pairs, ranks, threshold, matches = [] }: GroupInput,
): GroupReport {
  const people = new Set([
    ...pairs.flatMap((pair) => pair.people ?? []),
    ...[...ranks, ...matches].map(({ person }) => person),
  ]);
  const present = new Map([...values].filter(([person]) => people.has(person)));
  const groupOfValue = bandOf([...present.values()]);
  const groupOf = (person: string) => groupOfValue(present.get(person) ?? "");
  const groups = [...new Set([...people].map(groupOf))].toSorted(byNumberThenName);
  const groupOfPair = ({ people: [a, b] = ["", ""] }: ComparedPair) =>
    groupOf(a) === groupOf(b) ? groupOf(a) : null;
  const results = groups.map((group) =>
    groupResult(
      group,
      {
        people: [...people].filter((person) => groupOf(person) === group).length,
        pairs: pairs.filter((pair) => groupOfPair(pair) === group),
        ranks: ranks.filter(({ person }) => groupOf(person) === group),
        matches: matches.filter(({ person }) => groupOf(person) === group),
      },
      threshold,
    ),
  );
  return {
    column,
    threshold,
    groups: results,
    contrasts: contrastGroups(results),
    mixedPairs: pairs.filter((pair) => groupOfPair(pair) === null).length,
  };
}

interface GroupSample {
  readonly people: number;
  readonly pairs: readonly ComparedPair[];
  readonly ranks: IdentificationReport["ranks"];
  readonly matches: readonly MatchOutcome[];
}

function groupResult(
  group: string,
  { people, pairs, ranks, matches }: GroupSample,
  threshold: number,
): GroupResult {
  const same = pairs.filter((pair) => pair.same);
  const different = pairs.filter((pair) => !pair.same);
  const missed = same.filter((pair) => !isRight(pair, threshold)).length;
  const accepted = different.filter(({ distance }) => distance !== null && distance < threshold).length;
  return {
    group,
    people,
    pairs: pairs.length,
    undetected: pairs.filter((pair) => pair.distance === null).length,
    accuracy: share(pairs.filter((pair) => isRight(pair, threshold)).length, pairs.length),
    falseNonMatch: share(missed, same.length),
    falseMatch: share(accepted, different.length),
    matched: share(matches.filter(({ matched }) => matched).length, matches.length),
    defaults: share(matches.filter(({ matched }) => !matched).length, matches.length),
    rank1: share(ranks.filter(({ rank }) => rank === 1).length, ranks.length),
  };
}

/** Names the group of a value: the value itself, or the band of numbers that it falls into. */
function bandOf(values: readonly string[]): (value: string) => string {
  const known = values.filter((value) => !isMissing(value));
  const numbers = known.map(Number);
  const name = (value: string) => (isMissing(value) ? "unknown" : value);
  if (numbers.some(Number.isNaN) || new Set(numbers).size <= MOST_NUMBERS) return name;
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (band: number) => sorted[Math.round((band / BANDS) * (sorted.length - 1))] as number;
  const starts = [...new Set(Array.from({ length: BANDS }, (_, band) => at(band)))];
  const labels = starts.map((start, i) => {
    const end =
      i + 1 < starts.length ? sorted.findLast((value) => value < (starts[i + 1] as number)) : sorted.at(-1);
    return start === end ? `${start}` : `${start} to ${end}`;
  });
  return (value) => {
    if (isMissing(value)) return "unknown";
    return labels[starts.findLastIndex((start) => Number(value) >= start)] ?? "unknown";
  };
}

function isMissing(value: string): boolean {
  return /^\s*(?:na|n\/a|nan|null)?\s*$/i.test(value);
}

function byNumberThenName(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "unknown") return 1;
  if (b === "unknown") return -1;
  return a.localeCompare(b, "en", { numeric: true });
}
