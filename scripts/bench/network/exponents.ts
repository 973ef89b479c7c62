import { createRandom, randomPermutation } from "../../../src/core/index.ts";
import { STRENGTH } from "../../../src/customers/network/ties.ts";
import { type Contact, type Days, summarise, topBy } from "./contacts.ts";
import { studyEvents, studyLogs } from "./data.ts";

/** Strength is days^days x events^events, over what either person's ties sum to, to the power of crowd. */
interface Exponents {
  readonly days: number;
  readonly events: number;
  readonly crowd: number;
}

/** Only the ratio of days to events and the size of both beside the crowd change an order. */
const GRID: readonly Exponents[] = [0, 0.2, 0.4, 0.5, 0.6, 0.8, 1].flatMap((days) =>
  [0, 0.125, 0.25, 0.375, 0.5].map((crowd) => ({ days, events: 1 - days, crowd })),
);
/** Days of the ties and of the truth that the figure is reported on. */
const REPORTED = [
  [0, 14],
  [14, 28],
] as const;
/** Within the days of the reported ties: nothing reported is seen while exponents are chosen. */
const EARLIER = [
  [0, 7],
  [7, 14],
] as const;
const FOLDS = 10;
const SEEDS = [1, 2, 3, 4, 5];

/**
 * The exponents of a tie's strength, chosen without what they are measured on: by the two weeks that ties are made of, and
 * by the other people in ten folds.
 */
export function benchExponents(): void {
  if (studyLogs() === null) return;
  const [reported, before] = [periodOf(REPORTED), periodOf(EARLIER)];
  const hits = GRID.map((exponents) => hitsOf(exponents, reported));
  const earlier = GRID.map((exponents) => countOf(hitsOf(exponents, before)));
  const people = [...(hits[0]?.keys() ?? [])];
  const share = (count: number) => ((100 * count) / people.length).toFixed(1);
  const best = Math.max(...earlier);
  const chosen = GRID.filter((_, i) => earlier[i] === best);
  const rows = [
    ["in the code", countOf(hitsOf(STRENGTH, reported)), text(STRENGTH)],
    ...GRID.flatMap((exponents, i) =>
      earlier[i] === best ? [["by days 1-7 to 8-14", countOf(hits[i]), text(exponents)]] : [],
    ),
    ...SEEDS.map((seed) => [`by other people, seed ${seed}`, overPeople(hits, people, seed), "by fold"]),
    ["best of the grid, in sight of the figure", Math.max(...hits.map(countOf)), ""],
    ["days, then count", countOf(hitsBy((contact) => [contact.days.size, contact.events], reported)), ""],
  ] as const;
  console.log(
    `\nExponents chosen apart from days 1-14 to 15-28, ${people.length} people; ${chosen.length} equal best`,
  );
  console.table(
    rows.map(([how, count, exponents]) => ({ how, exponents, hits: count, "%": share(Number(count)) })),
  );
}

interface Period {
  readonly contacts: ReadonlyMap<number, Contact[]>;
  /** Everybody's most frequent contact later. */
  readonly later: ReadonlyMap<number, number | undefined>;
}

function periodOf([ties, truth]: readonly [ties: Days, truth: Days]): Period {
  const later = topBy(summarise(studyEvents(), truth), (contact) => [contact.events]);
  return { contacts: summarise(studyEvents(), ties), later };
}

/** Per person, whether the strongest tie is the most frequent contact later. */
type Hits = ReadonlyMap<number, boolean>;

function overPeople(hits: readonly Hits[], people: readonly number[], seed: number): number {
  const order = randomPermutation(people.length, createRandom(seed));
  let total = 0;
  for (let fold = 0; fold < FOLDS; fold++) {
    const held = new Set(people.filter((_, i) => (order[i] ?? 0) % FOLDS === fold));
    const counts = hits.map((own) => people.filter((id) => !held.has(id) && own.get(id) === true).length);
    const chosen = hits[counts.indexOf(Math.max(...counts))];
    total += [...held].filter((id) => chosen?.get(id) === true).length;
  }
  return total;
}

function countOf(hits: Hits | undefined): number {
  return [...(hits?.values() ?? [])].filter(Boolean).length;
}

function text({ days, events, crowd }: Exponents): string {
  return [days, events, crowd].map((value) => Number(value.toFixed(3))).join(", ");
}

function hitsOf({ days, events, crowd }: Exponents, period: Period): Hits {
  const raw = (contact: Contact) => contact.days.size ** days * contact.events ** events;
  const sums = new Map(
    [...period.contacts].map(([person, own]) => [
      person,
      own.reduce((sum, contact) => sum + raw(contact), 0),
    ]),
  );
  return hitsBy((contact) => [raw(contact) / (sums.get(contact.id) ?? 1) ** crowd], period);
}

function hitsBy(order: (contact: Contact) => readonly number[], { contacts, later }: Period): Hits {
  const top = topBy(contacts, order);
  return new Map(
    [...contacts.keys()]
      .filter((person) => later.has(person))
      .map((person) => [person, top.get(person) === later.get(person)]),
  );
}
