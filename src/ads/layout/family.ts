import { arrangementKey, type Draft, draftsOf, type Settled, type TextInput } from "./draft.ts";
import { planOf, type SearchInput } from "./search.ts";

/** One look for a campaign's ads in a channel: the arrangement that suits most of its photos and texts. */

/** Number of arrangements tried with photos: those with the best text. */
const CONSIDERED = 30;
/** Penalty of an arrangement that does not suit a photo at all. */
const WORST = 14;
/** A second arrangement must lower the penalty of the average ad by this much. */
const SECOND_GAIN = 1.2;

/** A sample of the photos. */
export type SeenPhoto = Pick<SearchInput, "scene" | "look">;

/**
 * @param texts one for each sample of words
 * @param photos samples, each of which is tried with each of the texts
 * @returns one arrangement, or two where photos ask for a second, with the size that all the words can be set in; empty:
 *   none serves
 */
export function settleFamily(texts: readonly TextInput[], photos: readonly SeenPhoto[]): Settled {
  // Drafts do not depend on photos.
  const byText = texts.map(
    (text) => new Map(draftsOf(text).map((draft) => [arrangementKey(draft.arrangement), draft] as const)),
  );
  const inputs = photos.flatMap((photo) => texts.map((text): SearchInput => ({ ...text, ...photo })));
  const drafts = photos.flatMap(() => byText);
  const keys = [...new Set(drafts.flatMap((known) => [...known.keys()]))];
  const wordsOf = (key: string) => sum(drafts.map((known) => known.get(key)?.penalty ?? WORST));
  const considered = keys.sort((a, b) => wordsOf(a) - wordsOf(b)).slice(0, CONSIDERED);
  const costs = new Map(
    considered.map((key) => [
      key,
      inputs.map((input, index) => {
        const draft = drafts[index]?.get(key);
        return Math.min(WORST, (draft && planOf(input, draft, WORST)?.penalty) ?? WORST);
      }),
    ]),
  );
  const first = lowest(considered, (key) => sum(costs.get(key) ?? []));
  if (first === undefined) return new Map();
  const own = costs.get(first) ?? [];
  const withSecond = (key: string) => {
    return sum(own.map((cost, index) => Math.min(cost, costs.get(key)?.[index] ?? WORST)));
  };
  const second = lowest(considered, withSecond);
  const gain = second === undefined ? 0 : (sum(own) - withSecond(second)) / inputs.length;
  const chosen = second !== undefined && gain > SECOND_GAIN ? [first, second] : [first];
  return new Map(chosen.map((key) => [key, commonSize(drafts.map((known) => known.get(key)))]));
}

/** The largest size at which the longest of the headlines fits, px. */
function commonSize(drafts: readonly (Draft | undefined)[]): number {
  return Math.min(...drafts.flatMap((draft) => (draft ? [draft.block.headline.size] : [])));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function lowest<T>(items: readonly T[], of: (item: T) => number): T | undefined {
  let best: T | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const value = of(item);
    if (value < least) [best, least] = [item, value];
  }
  return best;
}
