import { firstSentences, sentencesOf } from "../copy/sentences.ts";
import { shortened } from "../type/paragraph.ts";
import type { CreativeCopy } from "../types.ts";

/** Shortens copy that does not fit. */

/** With fewer words, a shortened text has no meaning. */
const LEAST_BODY_WORDS = 4;
const LEAST_HEADLINE_WORDS = 2;
/** A shortened text keeps at least this share of its letters. */
const LEAST_SHARE = 0.5;

/**
 * The copy as it is, then ever shorter. The body gives way first: sentence by sentence, then its first one word by word,
 * then whole; the headline after it; the button never. What loses words keeps at least half of its letters.
 */
export function* everShorter(copy: CreativeCopy): Generator<CreativeCopy> {
  yield copy;
  for (const body of shorterBodies(copy.body)) yield { ...copy, body };
  for (const headline of cutShorter(copy.headline, LEAST_HEADLINE_WORDS)) {
    yield { ...copy, body: "", headline };
  }
}

function* shorterBodies(body: string): Generator<string> {
  if (body === "") return;
  for (let count = sentencesOf(body).length - 1; count > 0; count--) yield firstSentences(body, count);
  yield* cutShorter(firstSentences(body, 1), LEAST_BODY_WORDS);
  yield "";
}

/** The text with ever fewer words and an ellipsis. */
function* cutShorter(text: string, leastWords: number): Generator<string> {
  for (let shorter = shortened(text); shorter !== null; shorter = shortened(shorter)) {
    const isWorthIt =
      shorter.split(/\s+/).length >= leastWords && shorter.length >= LEAST_SHARE * text.length;
    if (!isWorthIt) return;
    yield shorter;
  }
}
