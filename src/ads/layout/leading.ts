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

/** How much of a photo a creative shows, and at which size. */
export interface ShownPart {
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

/** A set of flaws: bit n stands for flaw n of this list. The search for a crop compares many regions by it. */
export type FlawSet = number;
const FLAWS = ["small", "large", "outgrown", "equalled", "headless", "severed"] as const;

function setOf(flaw: LeadFlaw): FlawSet {
  return 1 << FLAWS.indexOf(flaw);
}

export function flawsIn(flaws: FlawSet): LeadFlaw[] {
  return FLAWS.filter((flaw) => (flaws & setOf(flaw)) !== 0);
}

export function countFlaws(flaws: FlawSet): number {
  let count = 0;
  for (let rest = flaws; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}

export const NO_FLAWS: FlawSet = 0;
export const HEADLESS: FlawSet = setOf("headless");

/** The flaws of a picture that shows this head. */
export function flawsBeside(lead: SceneHead, head: SceneHead): FlawSet {
  const severed = head.isSevered ? setOf("severed") : NO_FLAWS;
  if (!isRival(head, lead)) return severed;
  return severed | setOf(isLarger(head, lead) ? "outgrown" : "equalled");
}

/** Whether a face is outside its range of sizes although the photo's pixels allow another size. */
export function sizeFlaw(face: number, scale: number, short: number): FlawSet {
  const share = (face * scale) / short;
  const [least, most] = FACE_RANGE;
  if (share * SLACK > most) return setOf("large");
  return share < least * SLACK && scale < LARGEST * MAX_UPSCALE ? setOf("small") : NO_FLAWS;
}

/** @returns none if the face leads, or if no face has to */
export function leadFlaws(scene: Scene, { region, scale, short, hidden }: ShownPart): LeadFlaw[] {
  const lead = leadOf(scene);
  if (!lead) return [];
  const shown = scene.heads.filter((head) => standing(head, region) !== "outside");
  const flaws = shown.reduce(
    (all, head) => all | flawsBeside(lead, head),
    sizeFlaw(lead.face, scale, short) | (headlessShare(scene, region, hidden) > 0 ? HEADLESS : NO_FLAWS),
  );
  return flawsIn(flaws);
}
