import type { Face } from "../faces/index.ts";

/**
 * Reasons to doubt the matches of a probe, as short phrases. Matches always exist, so without these a mask, a face of 15 px or
 * the wrong one of two people would look like a sure answer.
 */
export function doubtsAbout(probe: Face, others: readonly Face[]): readonly string[] {
  const { interocularPx, eyeLight = 1, yawDegrees, clarity, score } = probe.quality;
  const second = Math.max(0, ...others.filter((face) => face !== probe).map(area));
  const doubts: readonly (readonly [isDoubtful: boolean, text: string])[] = [
    [interocularPx < LEAST_EYES_PX, `the eyes are ${interocularPx.toFixed(0)} px apart`],
    [eyeLight < LEAST_EYE_LIGHT, "the eyes are dark or covered"],
    [Math.abs(yawDegrees) > MOST_YAW, `the head is turned by ${Math.abs(yawDegrees).toFixed(0)} degrees`],
    [
      score < LEAST_SCORE || clarity < LEAST_CLARITY,
      "the face is poorly visible, covered, or perhaps not a face",
    ],
    [second >= AMBIGUOUS_SHARE * area(probe), "another face is of similar size"],
  ];
  return doubts.flatMap(([isDoubtful, text]) => (isDoubtful ? [text] : []));
}

/** A second face of this share of the main one's area makes a photo ambiguous. */
export const AMBIGUOUS_SHARE = 0.5;

/** Limits of docs/faces.md, "Quality"; a score of 0.1 is also the default minimum of a campaign's inventory. */
const LEAST_EYES_PX = 20;
const LEAST_EYE_LIGHT = 0.65;
const MOST_YAW = 45;
const LEAST_SCORE = 0.1;
/** The least clear percent of press photos is below it, and so are drawings of faces. */
const LEAST_CLARITY = 0.15;

export function area({ box }: Face): number {
  return box.width * box.height;
}
