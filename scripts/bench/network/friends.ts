import { createRandom } from "../../../src/core/index.ts";
import { openNetwork } from "../../../src/customers/network/open.ts";
import { buildOverlap } from "../../../src/customers/network/ties.ts";
import { type ChoiceRows, fitChoice, predictChoice } from "../../../src/learning/index.ts";
import { pairKey, readFriends, studyEvents, studyLogs, studyPeople } from "./data.ts";
import { measurePairs, PAIR_MEASURES } from "./pair-measures.ts";

const FOLDS = 5;
const REPEATS = 6;
const PENALTY = 10;
/** Draws of people with replacement. */
const DRAWS = 500;

interface Pair {
  readonly a: number;
  readonly b: number;
  readonly isFriend: boolean;
  readonly values: Readonly<Record<string, number>>;
}

/**
 * Who is a declared friend among pairs that call or write, AUC: single measures on all pairs; logistic models on pairs of which
 * one person is held out with all their pairs, the mean of 5 folds, 6 times; of a set that is chosen by five folds of the others;
 * and the uncertainty of a measure, by drawing people.
 */
export async function benchFriends(path: string | undefined): Promise<void> {
  const logs = studyLogs();
  if (path === undefined || logs === null) return console.log("skipped: pass --friends edges.txt");
  const pairs = await readPairs(logs, readFriends(path));
  const rows: Record<string, string>[] = [
    ...["seconds", "overlap", "events", "days", "span"],
    ...PAIR_MEASURES,
  ].map((name) => {
    const scores = pairs.map(({ values }) => values[name] ?? 0);
    return { measure: name, AUC: aucOf(pairs, scores).toFixed(3), "95 %": intervalOf(pairs, scores) };
  });
  for (const names of SETS)
    rows.push({
      measure: `logistic: ${names.join(", ")}`,
      AUC: crossValidate(pairs, () => names).toFixed(3),
    });
  rows.push({
    measure: "logistic: the set that is best among the other people",
    AUC: crossValidate(pairs, bestOf).toFixed(3),
  });
  console.log(`\nDeclared friends among ${pairs.length} pairs`);
  console.table(rows);
}

const SETS: readonly (readonly string[])[] = [
  ["span"],
  ["span", "missed"],
  ["days", "overlap"],
  ["days", "events", "overlap", "least"],
  ["span", "missed", "overlap", "events", "least"],
  ["span", "missed", "night", "weekend", "messages"],
  ["span", "missed", "reply", "initiative", "contacts", "burstiness"],
  ["span", "missed", "overlap", "adamicAdar"],
  ["span", "missed", "overlap", "events", "least", ...PAIR_MEASURES],
];

function bestOf(train: readonly Pair[]): readonly string[] {
  const found = SETS.map((names) => crossValidate(train, () => names, 1));
  return SETS[found.indexOf(Math.max(...found))] ?? [];
}

async function readPairs(
  logs: NonNullable<ReturnType<typeof studyLogs>>,
  friends: ReadonlySet<string>,
): Promise<Pair[]> {
  const events = studyEvents();
  const measures = measurePairs(events);
  const missed = new Map<string, number>();
  for (const { from, to, seconds } of events) {
    const key = pairKey(from, to);
    if (seconds !== null && seconds < 0) missed.set(key, (missed.get(key) ?? 0) + 1);
  }
  const network = await openNetwork({ ...logs, people: studyPeople(events), isMutual: false });
  try {
    await buildOverlap(network.database);
    const rows =
      await network.database.all(`SELECT p.id AS a, q.id AS b, t.days, t.events, least(t.ab, t.ba) AS least, t.seconds,
        o.overlap, (epoch(t.last) - epoch(t.first)) / 86400.0 AS span
      FROM network_ties t JOIN network_overlap o ON o.a = t.a AND o.b = t.b
      JOIN network_people p ON p.n = t.a JOIN network_people q ON q.n = t.b ORDER BY p.id, q.id`);
    return rows.map((row) => {
      const [a, b] = [Number(row.a), Number(row.b)];
      const log = (name: string) => Math.log1p(Number(row[name]));
      return {
        a,
        b,
        isFriend: friends.has(pairKey(a, b)),
        values: {
          days: log("days"),
          events: log("events"),
          least: log("least"),
          seconds: log("seconds"),
          overlap: Number(row.overlap),
          span: Number(row.span) / 28,
          missed: Math.log1p(missed.get(pairKey(a, b)) ?? 0),
          ...measures.get(pairKey(a, b)),
        },
      };
    });
  } finally {
    await network.close();
  }
}

/** @param choose measures for a model, from the pairs that it is fitted to */
function crossValidate(
  pairs: readonly Pair[],
  choose: (train: readonly Pair[]) => readonly string[],
  repeats = REPEATS,
): number {
  const found: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const random = createRandom(repeat);
    const fold = new Map<number, number>();
    for (const { a, b } of pairs)
      for (const id of [a, b]) if (!fold.has(id)) fold.set(id, Math.floor(random() * FOLDS));
    for (let k = 0; k < FOLDS; k++) {
      const isTest = ({ a, b }: Pair) => fold.get(a) === k || fold.get(b) === k;
      const [train, test] = [pairs.filter((pair) => !isTest(pair)), pairs.filter(isTest)];
      const scale = scaleOf(train, choose(train));
      const chosen = Int32Array.from(train, ({ isFriend }) => Number(isFriend));
      const weights = fitChoice(toRows(train, scale), chosen, { penalty: PENALTY, classes: 2 });
      const predicted = predictChoice(weights, toRows(test, scale));
      found.push(
        aucOf(
          test,
          test.map((_, row) => predicted[2 * row + 1] ?? 0),
        ),
      );
    }
  }
  return found.reduce((sum, own) => sum + own, 0) / found.length;
}

type Scale = readonly { readonly name: string; readonly mean: number; readonly deviation: number }[];

function scaleOf(pairs: readonly Pair[], names: readonly string[]): Scale {
  return names.map((name) => {
    const values = pairs.map((pair) => pair.values[name] ?? 0);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return { name, mean, deviation: Math.sqrt(variance) || 1 };
  });
}

function toRows(pairs: readonly Pair[], scale: Scale): ChoiceRows {
  const values = pairs.flatMap((pair) =>
    scale.map(({ name, mean, deviation }) => ((pair.values[name] ?? 0) - mean) / deviation),
  );
  return {
    matrix: { rows: pairs.length, width: scale.length, values: Float64Array.from(values) },
    current: new Int32Array(pairs.length).fill(-1),
    offset: new Float64Array(2 * pairs.length),
    matched: [],
  };
}

/** The probability that a friend scores above somebody who is none; ties count half. A pair counts `weights` times. */
function aucOf(pairs: readonly Pair[], scores: readonly number[], weights?: readonly number[]): number {
  let wins = 0;
  let all = 0;
  pairs.forEach(({ isFriend }, i) => {
    if (!isFriend) return;
    for (const [j, other] of pairs.entries()) {
      if (other.isFriend) continue;
      const weight = (weights?.[i] ?? 1) * (weights?.[j] ?? 1);
      all += weight;
      const difference = (scores[i] ?? 0) - (scores[j] ?? 0);
      wins += weight * (difference === 0 ? 0.5 : Number(difference > 0));
    }
  });
  return wins / all;
}

/** A pair is in a draw as often as both its people together. */
function intervalOf(pairs: readonly Pair[], scores: readonly number[]): string {
  const random = createRandom(1);
  const people = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
  const found = Array.from({ length: DRAWS }, () => {
    const times = new Map<number, number>();
    for (const _ of people) {
      const drawn = people[Math.floor(random() * people.length)] ?? 0;
      times.set(drawn, (times.get(drawn) ?? 0) + 1);
    }
    return aucOf(
      pairs,
      scores,
      pairs.map(({ a, b }) => (times.get(a) ?? 0) * (times.get(b) ?? 0)),
    );
  }).sort((a, b) => a - b);
  return [0.025, 0.975].map((share) => (found[Math.floor(share * DRAWS)] ?? 0).toFixed(2)).join(" to ");
}
