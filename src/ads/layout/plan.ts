import { expected, LookalikeError } from "../../core/index.ts";
import type { Template } from "../templates/types.ts";
import { isRightToLeft } from "../type/direction.ts";
import type { Hyphenate } from "../type/hyphenate.ts";
import { type Measured, measureText } from "../type/paragraph.ts";
import type { TextStyle, Typesetter } from "../type/typesetter.ts";
import type { BrandCorner, Channel, CreativeCopy } from "../types.ts";
import type { CopyText } from "./block/types.ts";
import { canvasOf, typeScaleOf } from "./canvas.ts";
import { type Draft, draftsOf, hasRoom, type Settled } from "./draft.ts";
import type { Scene } from "./scene.ts";
import { type PhotoLook, type Plan, searchLayout } from "./search.ts";
import { everShorter } from "./shorten.ts";

/** From copy, photo and channel to a plan: measures the text, and shortens it if nothing else helps. */

const SANS_HEADLINE: TextStyle = { weight: 800, tracking: -0.022 };
const SERIF_HEADLINE: TextStyle = { weight: 700, tracking: -0.012, voice: "serif" };
export const BODY_STYLE: TextStyle = { weight: 500, tracking: -0.004, price: 700 };
export const BUTTON_STYLE: TextStyle = { weight: 700 };
export const LEGAL_STYLE: TextStyle = { weight: 500 };
export const WORDMARK_STYLE: TextStyle = { weight: 800, tracking: -0.035 };

export interface CopyInput {
  readonly setter: Typesetter;
  readonly template: Template;
  readonly channel: Channel;
  readonly corner?: BrandCorner | undefined;
  readonly copy: CreativeCopy;
  /** Adds soft hyphens to long words; default: none. */
  readonly hyphenate?: Hyphenate | undefined;
  readonly logoAspect: number;
  /** The side of the photo where a template allows both; default: either. */
  readonly photoSide?: "left" | "right" | undefined;
  /** The campaign's common arrangements; default: none. */
  readonly settled?: Settled | undefined;
}

export interface PlanInput extends CopyInput {
  readonly scene: Scene;
  readonly look: PhotoLook;
  /** Sets a copy in every arrangement; photos share the result. */
  draft(copy: CreativeCopy): Promise<DraftedCopy>;
}

/** A measured copy, and every arrangement with it. */
export interface DraftedCopy {
  readonly text: CopyText;
  readonly drafts: readonly Draft[];
}

export interface Planned {
  readonly plan: Plan;
  /** The copy that fits. */
  readonly copy: CreativeCopy;
  readonly shortened: boolean;
}

export function headlineStyle({ voice }: Template): TextStyle {
  return voice === "serif" ? SERIF_HEADLINE : SANS_HEADLINE;
}

/**
 * Uses the short headline if the other would be too small or lose words.
 *
 * @throws ERR_GLYPH_MISSING, ERR_COPY_TOO_LONG
 */
export async function planAd(input: PlanInput): Promise<Planned> {
  const [whole, short] = copiesIn(input);
  const planned = await planCopy(input, whole);
  const isTight = planned === null || planned.shortened || planned.plan.block.isSmall;
  const other = short && isTight ? await planCopy(input, short) : null;
  if (other && (planned === null || isBetter(other, planned))) return other;
  if (planned) return planned;
  throw tooLong(input);
}

function isBetter(a: Planned, b: Planned): boolean {
  if (a.shortened !== b.shortened) return b.shortened;
  return a.plan.block.headline.size > b.plan.block.headline.size;
}

async function planCopy(input: PlanInput, whole: CreativeCopy): Promise<Planned | null> {
  const area = areaOf(input);
  let first: Planned | null = null;
  for (const copy of everShorter(whole)) {
    if (first && copy.headline !== whole.headline) break;
    const { text, drafts } = await input.draft(copy);
    const plan = searchLayout({ ...input, ...area, copy: text }, drafts);
    if (!plan) continue;
    const planned = { plan, copy, shortened: copy !== whole };
    if (plan.crop.covered === 0) return planned;
    // A shorter body leaves more space for the face in the open part.
    first ??= planned;
  }
  return first;
}

/**
 * Sets the copy in a channel without a photo, shortened if necessary.
 *
 * @throws ERR_GLYPH_MISSING, ERR_COPY_TOO_LONG
 */
export async function checkCopy(input: CopyInput): Promise<void> {
  const area = areaOf(input);
  for (const whole of copiesIn(input)) {
    for (const copy of everShorter(whole)) {
      if (hasRoom({ ...input, ...area, copy: await measureCopy(input, copy) })) return;
    }
  }
  throw tooLong(input);
}

/** A measured copy in every arrangement of the template. */
export function draftCopy(input: Omit<CopyInput, "copy">, text: CopyText): DraftedCopy {
  return { text, drafts: draftsOf({ ...input, ...areaOf(input), copy: text }) };
}

function areaOf({ channel, corner }: Pick<CopyInput, "channel" | "corner">) {
  return { type: typeScaleOf(channel), canvas: canvasOf(channel, corner) };
}

/** The copy without the parts that the channel does not show; the second has the short headline. */
function copiesIn({ channel, copy }: CopyInput): [CreativeCopy, ...CreativeCopy[]] {
  const { headlineShort, ...whole } = channel.body === false ? { ...copy, body: "" } : copy;
  return headlineShort === undefined ? [whole] : [whole, { ...whole, headline: headlineShort }];
}

function tooLong({ channel, copy }: CopyInput): LookalikeError {
  return new LookalikeError(
    "ERR_COPY_TOO_LONG",
    `${expected("a shorter headline and button", `channel ${channel.id}`, copy.headline)} with the button "${copy.cta}"`,
    {
      hint: "Use shorter words, add soft hyphens (U+00AD) to long words, or remove this channel.",
    },
  );
}

/** Measures the texts; also for the campaign's common look. */
export async function measureCopy(
  { setter, template, hyphenate = (text) => text }: Pick<CopyInput, "setter" | "template" | "hyphenate">,
  copy: CreativeCopy,
): Promise<CopyText> {
  // A body that starts with "128 GB" has the direction of its headline.
  const rtl = isRightToLeft(copy.headline);
  const measure = (text: string, of: TextStyle): Promise<Measured> =>
    measureText(setter, text, { ...of, rtl });
  const [headline, body, cta, legal] = await Promise.all([
    measure(hyphenate(copy.headline), headlineStyle(template)),
    measure(hyphenate(copy.body), BODY_STYLE),
    measure(copy.cta, BUTTON_STYLE),
    measure(hyphenate(copy.legal ?? ""), LEGAL_STYLE),
  ]);
  return { headline, body, cta, legal, rtl };
}
