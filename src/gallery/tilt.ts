import type { QuarterTurn } from "../io/image/index.ts";

/** Degrees by which a head is rotated in the picture's plane, from which on its photo is named as tilted. */
export const TILTED_DEGREES = 20;
/** From here on the photo lies on its side or stands on its head. */
export const SIDEWAYS_DEGREES = 45;
/** A photo on its side is turned only where its head is rotated by a quarter turn with at most this much more or less. */
export const CERTAIN_DEGREES = 30;

/**
 * The quarter turn that sets a photo upright.
 *
 * @param rolls of all faces of the photo, degrees clockwise
 * @param lead index of the face that the photo is shown for
 * @returns degrees clockwise; null: not certain, as the head is between two quarter turns or other faces need another one
 */
export function uprightTurn(rolls: readonly number[], lead: number): QuarterTurn | null {
  const roll = rolls[lead] ?? 0;
  const turn = turnOf(roll);
  if (turn === 0) return 0;
  if (Math.abs(roll - 90 * Math.round(roll / 90)) > CERTAIN_DEGREES) return null;
  return rolls.every((other) => turnOf(other) === turn) ? turn : null;
}

function turnOf(roll: number): QuarterTurn {
  if (Math.abs(roll) <= SIDEWAYS_DEGREES) return 0;
  if (Math.abs(roll) > 135) return 180;
  return roll > 0 ? 270 : 90;
}

/** The same as a condition on the rows `f` of the table of faces. */
export const IS_UPRIGHT_OR_TURNED = (() => {
  const roll = (face: string) => `COALESCE(json_extract(${face}.details, '$.quality.rollDegrees'), 0)`;
  const turn = (face: string) => `CASE WHEN abs(${roll(face)}) <= ${SIDEWAYS_DEGREES} THEN 0
    WHEN abs(${roll(face)}) > 135 THEN 180 WHEN ${roll(face)} > 0 THEN 270 ELSE 90 END`;
  return `(abs(${roll("f")}) <= ${SIDEWAYS_DEGREES} OR (
    abs(${roll("f")} - 90 * round(${roll("f")} / 90.0)) <= ${CERTAIN_DEGREES} AND NOT EXISTS (
      SELECT 1 FROM faces o WHERE o.content_id = f.content_id AND ${turn("o")} <> ${turn("f")})))`;
})();
