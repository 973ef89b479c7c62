import { hashBytes } from "../../io/files.ts";
import { canvasOf, typeScaleOf } from "../layout/canvas.ts";
import type { Settled, TextInput } from "../layout/draft.ts";
import { type SeenPhoto, settleFamily } from "../layout/family.ts";
import { type CopyInput, measureCopy } from "../layout/plan.ts";
import type { AdPhoto, CreativeCopy } from "../types.ts";
import { lookOf, type OpenedPhoto, sceneIn } from "./photo.ts";
import type { Theme } from "./theme.ts";

/** A campaign's photos and texts, from which the common look of its ads is chosen. */
export interface Family {
  readonly photos: readonly AdPhoto[];
  readonly copies: readonly CreativeCopy[];
}

/** Numbers of samples from which a campaign's look is chosen; the same samples in every run. */
const PHOTOS = 4;
const COPIES = 2;

type Input = Omit<CopyInput, "copy" | "settled">;

interface SettleTools {
  readonly open: (photo: AdPhoto) => Promise<OpenedPhoto>;
  readonly theme: Theme;
  /** Changes with the look of brand and template. */
  readonly look: string;
}

/** By photos and texts: a service needs the same ones whenever it opens the campaign or draws a preview. */
const remembered = new Map<string, Settled>();
const REMEMBERED = 64;

/**
 * The arrangements that a campaign's ads share in a channel; none without photos that can be read.
 *
 * @param input of any of its ads but for the words
 */
export async function settle(family: Family, input: Input, tools: SettleTools): Promise<Settled> {
  const photos = spread(family.photos, PHOTOS);
  const copies = spread(
    family.copies.toSorted((a, b) => lengthOf(a) - lengthOf(b)),
    COPIES,
  );
  const samples = photos.map(({ path: _, ...photo }) => photo);
  const key = hashBytes(JSON.stringify([tools.look, input.channel, samples, copies]));
  const known = remembered.get(key);
  if (known) return known;
  const seen = await openAll(photos, tools);
  const settled = settleFamily(seen.length > 0 ? await measureAll(copies, input) : [], seen);
  // A photo that can be read later may change the result.
  if (seen.length === photos.length) {
    remembered.set(key, settled);
    if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value ?? "");
  }
  return settled;
}

async function openAll(photos: readonly AdPhoto[], { open, theme }: SettleTools): Promise<SeenPhoto[]> {
  const seen: SeenPhoto[] = [];
  for (const photo of photos) {
    // A photo that cannot be read is skipped.
    const opened = await open(photo).catch(() => null);
    if (opened) seen.push({ scene: sceneIn(photo, opened), look: lookOf(opened, theme) });
  }
  return seen;
}

async function measureAll(copies: readonly CreativeCopy[], input: Input): Promise<TextInput[]> {
  const { channel, corner } = input;
  const base = { ...input, canvas: canvasOf(channel, corner), type: typeScaleOf(channel) };
  const texts: TextInput[] = [];
  for (const words of copies) {
    const whole = channel.body === false ? { ...words, body: "" } : words;
    texts.push({ ...base, copy: await measureCopy(input, whole) });
  }
  return texts;
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
