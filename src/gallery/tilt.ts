import type { QuarterTurn } from "../io/image/index.ts";

/** A photo whose head is rotated in the picture's plane by more degrees is reported as tilted. */
export const TILTED_DEGREES = 20;
/** From this rotation on, degrees, the photo is on its side or upside down. */
export const SIDEWAYS_DEGREES = 45;
/** A photo on its side is turned only if its head is at most this many degrees from a quarter turn. */
const CERTAIN_DEGREES = 30;

/**
 * The quarter turn that sets a photo upright.
 *
 * @param rolls of all faces of the photo, degrees clockwise
 * @param lead index of the face that the photo is shown for
 * @returns degrees clockwise; null: not certain, because the head is between two quarter turns or other faces need
 * another turn
 */
export function uprightTurn(rolls: readonly number[], lead: number): QuarterTurn | null {
  const roll = rolls[lead] ?? 0;
  const turn = turnOf(roll);
  if (turn === 0) return 0;
  if (isBetween(roll)) return null;
  return rolls.every((other) => turnOf(other) === turn) ? turn : null;
}

/** If the faces of a photo disagree, a turn must be that of faces with this share of the total face area. */
const LIKELY_SHARE = 0.75;

/**
 * The quarter turn that most faces of a photo need, by the area that they cover. For a photo that is shown in any case,
 * such as a campaign's default photo: a small face on its side is often a poster, a reflection or no face.
 *
 * @returns degrees clockwise; null: no turn has enough of the area, or those heads are between two quarter turns
 */
export function likelyTurn(
  faces: readonly { readonly rollDegrees: number; readonly area: number }[],
): QuarterTurn | null {
  const areas = new Map<QuarterTurn, number>();
  let total = 0;
  for (const { rollDegrees: roll, area } of faces) {
    total += area;
    if (isBetween(roll)) continue;
    const turn = turnOf(roll);
    areas.set(turn, (areas.get(turn) ?? 0) + area);
  }
  const [found] = [...areas].filter(([, area]) => area >= LIKELY_SHARE * total);
  return found?.[0] ?? null;
}

function isBetween(roll: number): boolean {
  return turnOf(roll) !== 0 && Math.abs(roll - 90 * Math.round(roll / 90)) > CERTAIN_DEGREES;
}

function turnOf(roll: number): QuarterTurn {
  if (Math.abs(roll) <= SIDEWAYS_DEGREES) return 0;
  if (Math.abs(roll) > 135) return 180;
  return roll > 0 ? 270 : 90;
}

/** An SQL condition on rows `f` of the table of faces: `uprightTurn` of the face is not null. */
export const IS_UPRIGHT_OR_TURNED = (() => {
  const roll = (face: string) => `COALESCE(json_extract(${face}.details, '$.quality.rollDegrees'), 0)`;
  const turn = (face: string) => `CASE WHEN abs(${roll(face)}) <= ${SIDEWAYS_DEGREES} THEN 0
    WHEN abs(${roll(face)}) > 135 THEN 180 WHEN ${roll(face)} > 0 THEN 270 ELSE 90 END`;
  return `(abs(${roll("f")}) <= ${SIDEWAYS_DEGREES} OR (
    abs(${roll("f")} - 90 * round(${roll("f")} / 90.0)) <= ${CERTAIN_DEGREES} AND NOT EXISTS (
      SELECT 1 FROM faces o WHERE o.content_id = f.content_id AND ${turn("o")} <> ${turn("f")})))`;
})();
