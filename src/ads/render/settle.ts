import { canvasOf, typeScaleOf } from "../layout/canvas.ts";
import type { Settled, TextInput } from "../layout/draft.ts";
import { type SeenPhoto, settleFamily } from "../layout/family.ts";
import { type CopyInput, measureCopy } from "../layout/plan.ts";
import type { AdPhoto, CreativeCopy } from "../types.ts";
import { lookOf, type OpenedPhoto, sceneIn } from "./photo.ts";
import type { Theme } from "./theme.ts";

/** A campaign's photos and words, which its ads' common look is settled on. */
export interface Family {
  readonly photos: readonly AdPhoto[];
  readonly copies: readonly CreativeCopy[];
}

/** Samples of a campaign that its look is settled on; the same ones in every run. */
const PHOTOS = 4;
const COPIES = 2;

/**
 * The arrangements that a campaign's ads share in a channel; none without photos that can be read.
 *
 * @param input of any of its ads but for the words
 */
export async function settle(
  { photos, copies }: Family,
  input: Omit<CopyInput, "copy" | "settled">,
  { open, theme }: { readonly open: (photo: AdPhoto) => Promise<OpenedPhoto>; readonly theme: Theme },
): Promise<Settled> {
  const { channel, corner } = input;
  const base = { ...input, canvas: canvasOf(channel, corner), type: typeScaleOf(channel) };
  const byLength = copies.toSorted((a, b) => lengthOf(a) - lengthOf(b));
  const seen: SeenPhoto[] = [];
  for (const photo of spread(photos, PHOTOS)) {
    // A photo that cannot be read has no say.
    const opened = await open(photo).catch(() => null);
    if (opened) seen.push({ scene: sceneIn(photo, opened), look: lookOf(opened, theme) });
  }
  const texts: TextInput[] = [];
  for (const words of seen.length > 0 ? spread(byLength, COPIES) : []) {
    const whole = channel.body === false ? { ...words, body: "" } : words;
    texts.push({ ...base, copy: await measureCopy(input, whole) });
  }
  return settleFamily(texts, seen);
}

function lengthOf({ headline, body }: CreativeCopy): number {
  return headline.length + body.length;
}

/** Up to `count` items, evenly spread from the first to the last. */
function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from(
    { length: count },
    (_, index) => items[Math.round((index * (items.length - 1)) / (count - 1))],
  ).filter((item) => item !== undefined);
}
