import type { Head } from "./head.ts";
import type { Rect } from "./rect.ts";
import {
  headlessShare,
  type LeadFlaw,
  leadOf,
  MAX_UPSCALE,
  type Scene,
  type SceneHead,
  standing,
} from "./scene.ts";

/** Checks whether the leading face of a picture leads. */

/** The leading face's height as a share of the creative's shorter side: large enough to be noticed, small enough for the text. */
export const FACE_RANGE = [0.2, 0.45] as const;
/** Tolerance for rounding. */
const SLACK = 0.98;
/** A photo enlarged by this share of the maximum cannot show a larger face. */
const LARGEST = 0.96;
/** A larger face is noticed first, and so is one whose head is larger by this factor. */
const OUTGROWN = { face: 1, head: 1.04 };
/**
 * Beside a face of more than this share of the leading one's area, readers cannot know which of the two is meant. Not by
 * height: the box of a bowed or tilted head is higher than that of an equal face that looks straight ahead.
 */
const EQUAL_AREA = 0.7;

export interface Shown {
  /** The part of the photo that shows, px of the photo. */
  readonly region: Rect;
  /** From the photo's px to the creative's. */
  readonly scale: number;
  /** The creative's shorter side, px. */
  readonly short: number;
  /** Parts of the region that do not show, px of the photo; default: none. */
  readonly hidden?: readonly Rect[] | undefined;
}

function isLarger(head: Head, lead: Head): boolean {
  return head.face > OUTGROWN.face * lead.face || head.bounds.height > OUTGROWN.head * lead.bounds.height;
}

/** Whether a face is about as large as the leading one, or larger. */
export function isRival(head: Head, lead: Head): boolean {
  return head !== lead && (head.area > EQUAL_AREA * lead.area || isLarger(head, lead));
}

/** Whether a face is outside its range of sizes although the photo's pixels allow another size. */
export function sizeFlaw(face: number, scale: number, short: number): "small" | "large" | null {
  const share = (face * scale) / short;
  const [least, most] = FACE_RANGE;
  if (share * SLACK > most) return "large";
  return share < least * SLACK && scale < LARGEST * MAX_UPSCALE ? "small" : null;
}

/** @returns none if the face leads, or if no face has to */
export function leadFlaws(scene: Scene, { region, scale, short, hidden }: Shown): LeadFlaw[] {
  const lead = leadOf(scene);
  if (!lead) return [];
  const size = sizeFlaw(lead.face, scale, short);
  const heads = scene.heads.filter((head) => standing(head, region) !== "outside");
  return flawsAmong(lead, { size, heads, headless: headlessShare(scene, region, hidden) });
}

/** What a picture shows beside the leading head. */
export interface Company {
  /** The leading face's own flaw. */
  readonly size: "small" | "large" | null;
  /** All heads that show. */
  readonly heads: readonly SceneHead[];
  /** Share of the picture, in [0, 1], with bodies without their heads. */
  readonly headless: number;
}

export function flawsAmong(lead: SceneHead, { size, heads, headless }: Company): LeadFlaw[] {
  const rivals = heads.filter((head) => isRival(head, lead));
  const found: [LeadFlaw, boolean][] = [
    ["outgrown", rivals.some((head) => isLarger(head, lead))],
    ["equalled", rivals.some((head) => !isLarger(head, lead))],
    ["headless", headless > 0],
    ["severed", heads.some(({ isSevered }) => isSevered)],
  ];
  const flaws = found.filter(([, applies]) => applies).map(([flaw]) => flaw);
  return size === null ? flaws : [size, ...flaws];
}
