import { expected, LookalikeError } from "../../errors.ts";
import type { Template } from "../templates/types.ts";
import { type Measured, measureText, shortened } from "../type/paragraph.ts";
import type { TextStyle, Typesetter } from "../type/typesetter.ts";
import type { AdCopy, Channel } from "../types.ts";
import type { CopyText, TypeScale } from "./block.ts";
import type { Scene } from "./crop.ts";
import { type Plan, type ScrimNeed, searchLayout } from "./search.ts";

/** From copy, photo and channel to a plan: measures the text, and shortens it where nothing else helps. */

export const HEADLINE_STYLE: TextStyle = { weight: 800, tracking: -0.022 };
export const BODY_STYLE: TextStyle = { weight: 500, tracking: -0.004 };
export const BUTTON_STYLE: TextStyle = { weight: 700 };
export const WORDMARK_STYLE: TextStyle = { weight: 800, tracking: -0.035 };

export interface PlanInput {
  readonly setter: Typesetter;
  readonly template: Template;
  readonly channel: Channel;
  readonly copy: AdCopy;
  readonly logoAspect: number;
  readonly scene: Scene;
  readonly scrimNeed: ScrimNeed;
}

export interface Planned {
  readonly plan: Plan;
  /** The copy as it fitted. */
  readonly copy: AdCopy;
  readonly shortened: boolean;
}

/** Sizes that suit a canvas: everything grows with the square root of its area. */
export function typeScaleOf({ width, height }: Channel): TypeScale {
  const base = Math.min(Math.sqrt(width * height), 1.45 * Math.min(width, height) + 60);
  return {
    headline: 0.087 * base,
    body: Math.max(0.036 * base, 12.5),
    cta: Math.max(0.032 * base, 12),
    logoHeight: Math.max(0.034 * base, 11),
    gap: 0.034 * base,
    floors: { headline: 15, body: 11 },
  };
}

/**
 * @throws ERR_GLYPH_MISSING, ERR_COPY_TOO_LONG
 */
export async function planAd(input: PlanInput): Promise<Planned> {
  const type = typeScaleOf(input.channel);
  const canvas = canvasOf(input.channel);
  let copy: AdCopy | null = input.copy;
  while (copy !== null) {
    const text = await measureCopy(input.setter, copy);
    const plan = searchLayout({ ...input, canvas, type, copy: text });
    if (plan) return { plan, copy, shortened: copy !== input.copy };
    copy = shorterCopy(copy);
  }
  throw new LookalikeError(
    "ERR_COPY_TOO_LONG",
    `${expected("a shorter headline and button", `channel ${input.channel.id}`, input.copy.headline)} with the button "${input.copy.cta}"`,
    { hint: "Shorten the headline's words and the button's text, or leave this channel out." },
  );
}

export function canvasOf({ width, height }: Channel) {
  const base = Math.sqrt(width * height);
  const margin = Math.round(Math.min(0.062 * base, 0.12 * Math.min(width, height)));
  return { width, height, margin, radius: Math.round(0.075 * base) };
}

async function measureCopy(setter: Typesetter, copy: AdCopy): Promise<CopyText> {
  const measure = (text: string, style: TextStyle): Promise<Measured> => measureText(setter, text, style);
  const [headline, body, cta] = await Promise.all([
    measure(copy.headline, HEADLINE_STYLE),
    measure(copy.body, BODY_STYLE),
    measure(copy.cta, BUTTON_STYLE),
  ]);
  return { headline, body, cta };
}

/** The body gives way first, word by word and then whole; the headline after it; the button never. */
function shorterCopy(copy: AdCopy): AdCopy | null {
  if (copy.body !== "") return { ...copy, body: shortened(copy.body) ?? "" };
  const headline = shortened(copy.headline);
  return headline === null ? null : { ...copy, headline };
}
