import type { Judgement } from "./judgements.ts";

/** The agreement of raters with themselves. */
export interface Consistency {
  /** Questions that were answered twice. */
  readonly repeats: number;
  /** Share of them with the same answer; null without repeats. */
  readonly sameAnswer: number | null;
  /**
   * The agreement that a perfect metric could reach. A rater who gives the answer of a fixed taste with
   * probability p repeats an answer with probability p² + (1 - p)²; this is solved for p. Null without
   * repeats.
   */
  readonly ceiling: number | null;
  /** Share of the catch trials that were answered correctly; null without any. */
  readonly attention: number | null;
}

/** @param judgements all kinds, in the order of the answers */
export function measureConsistency(judgements: readonly Judgement[]): Consistency {
  const first = new Map<string, string>();
  let [repeats, same, catches, caught] = [0, 0, 0, 0];
  for (const judgement of judgements) {
    const chosen = chosenOf(judgement);
    if (chosen === null) continue;
    if (judgement.kind === "catch") {
      catches++;
      if (chosen === judgement.probe) caught++;
      continue;
    }
    const key = keyOf(judgement);
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, chosen);
    } else if (judgement.kind === "repeat") {
      repeats++;
      if (before === chosen) same++;
    }
  }
  const sameAnswer = repeats === 0 ? null : same / repeats;
  const attention = catches === 0 ? null : caught / catches;
  return { repeats, sameAnswer, ceiling: sameAnswer === null ? null : ceilingOf(sameAnswer), attention };
}

/** The chosen photo; null if the question was skipped. */
export function chosenOf({ answer, left, right }: Judgement): string | null {
  if (answer === "skip") return null;
  return answer === "left" ? left : right;
}

function keyOf({ rater, probe, left, right }: Judgement): string {
  return [rater, probe, ...[left, right].toSorted()].join(" ");
}

/** A self-agreement below chance counts as chance. */
function ceilingOf(sameAnswer: number): number {
  return (1 + Math.sqrt(Math.max(0, 2 * sameAnswer - 1))) / 2;
}
