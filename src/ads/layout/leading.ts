import type { Head } from "./head.ts";
import type { Rect } from "./rect.ts";
import { headlessShare, type LeadFlaw, leadOf, MAX_UPSCALE, type Scene, standing } from "./scene.ts";

/** Whether the leading face of a picture leads. */

/** The leading face's height in the creative's shorter side: large enough to be met, small enough for the words. */
export const FACE_RANGE = [0.2, 0.45] as const;
/** Rounding. */
const SLACK = 0.98;
/** A photo that is enlarged by this share of the most cannot show a larger face. */
const LARGEST = 0.96;
/** A larger face takes the leading one's part, and so does one of a head that is this much larger. */
const OUTGROWN = { face: 1, head: 1.04 };

export interface Shown {
  /** The part of the photo that shows, px of the photo. */
  readonly region: Rect;
  /** From the photo's px to the creative's. */
  readonly scale: number;
  /** The creative's shorter side, px. */
  readonly short: number;
  /** What of the region does not show, px of the photo; default: all of it shows. */
  readonly hidden?: readonly Rect[] | undefined;
}

function isLarger(head: Head, lead: Head): boolean {
  return head.face > OUTGROWN.face * lead.face || head.bounds.height > OUTGROWN.head * lead.bounds.height;
}

/** @returns none where the face leads, or where no face is meant to */
export function leadFlaws(scene: Scene, { region, scale, short, hidden }: Shown): LeadFlaw[] {
  const lead = leadOf(scene);
  if (!lead) return [];
  const share = (lead.face * scale) / short;
  const [least, most] = FACE_RANGE;
  const shown = scene.heads.filter((head) => standing(head, region) !== "outside");
  const found: [LeadFlaw, boolean][] = [
    ["small", share < least * SLACK && scale < LARGEST * MAX_UPSCALE],
    ["large", share * SLACK > most],
    ["outgrown", shown.some((head) => isLarger(head, lead))],
    ["headless", headlessShare(scene, region, hidden) > 0],
    ["severed", shown.some(({ isSevered }) => isSevered)],
  ];
  return found.filter(([, applies]) => applies).map(([flaw]) => flaw);
}
