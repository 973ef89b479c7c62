import type { StudyEvent } from "./data.ts";
import { pairKey } from "./data.ts";

const [HOUR, DAY, WEEK] = [3600, 86_400, 604_800];
/** A new contact begins after this many seconds without one. */
const PAUSE = 6 * HOUR;

/** Measures of how two people are in touch, beside the strength of their tie. */
export type PairMeasures = Readonly<Record<(typeof PAIR_MEASURES)[number], number>>;

export const PAIR_MEASURES = [
  "adamicAdar",
  "night",
  "weekend",
  "messages",
  "reply",
  "initiative",
  "contacts",
  "burstiness",
] as const;

/** By `pairKey`; the study's clock starts on a Sunday. */
export function measurePairs(events: readonly StudyEvent[]): ReadonlyMap<string, PairMeasures> {
  const neighbours = new Map<number, Set<number>>();
  const pairs = new Map<string, StudyEvent[]>();
  for (const event of events.toSorted((a, b) => a.at - b.at)) {
    const { from, to } = event;
    neighbours.set(from, (neighbours.get(from) ?? new Set()).add(to));
    neighbours.set(to, (neighbours.get(to) ?? new Set()).add(from));
    pairs.set(pairKey(from, to), [...(pairs.get(pairKey(from, to)) ?? []), event]);
  }
  return new Map([...pairs].map(([key, own]) => [key, measure(own, neighbours)]));
}

function measure(own: readonly StudyEvent[], neighbours: ReadonlyMap<number, Set<number>>): PairMeasures {
  const [first] = own;
  const of = (id: number | undefined) => neighbours.get(id ?? -1) ?? new Set<number>();
  const common = [...of(first?.from)].filter((id) => of(first?.to).has(id));
  const share = (isIn: (event: StudyEvent) => boolean, usual: number) =>
    (own.filter(isIn).length + usual * 5) / (own.length + 5);
  const gaps = own.slice(1).map(({ at }, i) => at - (own[i]?.at ?? 0));
  const replies = gaps
    .filter((gap, i) => own[i + 1]?.from !== own[i]?.from && gap < DAY)
    .toSorted((a, b) => a - b);
  const starts = own.filter((_, i) => i === 0 || (gaps[i - 1] ?? 0) > PAUSE);
  const byFirst = starts.filter(({ from }) => from === first?.from).length;
  return {
    adamicAdar: common.reduce((sum, id) => sum + 1 / Math.log(Math.max(2, of(id).size)), 0),
    night: share(({ at }) => at % DAY >= 22 * HOUR || at % DAY < 6 * HOUR, 0.15),
    weekend: share(({ at }) => [0, 6].includes(Math.floor((at % WEEK) / DAY)), 0.22),
    messages: share(({ seconds }) => seconds === null, 0.87),
    reply: Math.log((replies[Math.floor(replies.length / 2)] ?? PAUSE) + 60),
    initiative: Math.abs((byFirst + 1) / (starts.length + 2) - 0.5),
    contacts: Math.log1p(starts.length),
    burstiness: burstinessOf(gaps),
  };
}

/** In [-1, 1]: 0 for events at random. Source: Goh and Barabasi 2008, EPL 81:48002. */
function burstinessOf(gaps: readonly number[]): number {
  if (gaps.length < 2) return 0;
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  return deviation + mean === 0 ? 0 : (deviation - mean) / (deviation + mean);
}
