import { expected, LookalikeError } from "../../core/index.ts";
import type { Template } from "../templates/types.ts";
import { isRightToLeft } from "../type/direction.ts";
import { type Measured, measureText } from "../type/paragraph.ts";
import type { TextStyle, Typesetter } from "../type/typesetter.ts";
import type { AdCopy, BrandCorner, Channel } from "../types.ts";
import type { CopyText } from "./block/types.ts";
import { canvasOf, typeScaleOf } from "./canvas.ts";
import type { Scene } from "./scene.ts";
import { hasRoom, type PhotoLook, type Plan, searchLayout } from "./search.ts";
import { everShorter } from "./shorten.ts";

/** From copy, photo and channel to a plan: measures the text, and shortens it where nothing else helps. */

const SANS_HEADLINE: TextStyle = { weight: 800, tracking: -0.022 };
const SERIF_HEADLINE: TextStyle = { weight: 700, tracking: -0.012, voice: "serif" };
export const BODY_STYLE: TextStyle = { weight: 500, tracking: -0.004, price: 700 };
export const BUTTON_STYLE: TextStyle = { weight: 700 };
export const WORDMARK_STYLE: TextStyle = { weight: 800, tracking: -0.035 };

export interface CopyInput {
  readonly setter: Typesetter;
  readonly template: Template;
  readonly channel: Channel;
  readonly corner?: BrandCorner | undefined;
  readonly copy: AdCopy;
  readonly logoAspect: number;
  /** The side that the photo must have where a template leaves a choice; default: either. */
  readonly photoSide?: "left" | "right" | undefined;
  /** Arrangements that the campaign has settled on; default: any. */
  readonly settled?: ReadonlySet<string> | undefined;
}

export interface PlanInput extends CopyInput {
  readonly scene: Scene;
  readonly look: PhotoLook;
}

export interface Planned {
  readonly plan: Plan;
  /** The copy as it fitted. */
  readonly copy: AdCopy;
  readonly shortened: boolean;
}

export function headlineStyle({ voice }: Template): TextStyle {
  return voice === "serif" ? SERIF_HEADLINE : SANS_HEADLINE;
}

/**
 * @throws ERR_GLYPH_MISSING, ERR_COPY_TOO_LONG
 */
export async function planAd(input: PlanInput): Promise<Planned> {
  const { channel, setter, template } = input;
  const type = typeScaleOf(channel);
  const canvas = canvasOf(channel, input.corner);
  const whole = copyIn(input);
  let first: Planned | null = null;
  for (const copy of everShorter(whole)) {
    if (first && copy.headline !== whole.headline) break;
    const text = await measureCopy(setter, copy, headlineStyle(template));
    const plan = searchLayout({ ...input, canvas, type, copy: text });
    if (!plan) continue;
    const planned = { plan, copy, shortened: copy !== whole };
    if (plan.crop.covered === 0) return planned;
    // A shorter body leaves the face more room beside what the platform covers.
    first ??= planned;
  }
  if (first) return first;
  throw tooLong(input);
}

/**
 * Sets the copy, shortened where it must be, in a channel without a photo.
 *
 * @throws ERR_GLYPH_MISSING, ERR_COPY_TOO_LONG
 */
export async function checkCopy(input: CopyInput): Promise<void> {
  const { channel, setter, template } = input;
  const [type, canvas] = [typeScaleOf(channel), canvasOf(channel, input.corner)];
  for (const copy of everShorter(copyIn(input))) {
    const text = await measureCopy(setter, copy, headlineStyle(template));
    if (hasRoom({ ...input, canvas, type, copy: text })) return;
  }
  throw tooLong(input);
}

/** The copy as far as the channel has room for it by its kind. */
function copyIn({ channel, copy }: CopyInput): AdCopy {
  return channel.body === false ? { ...copy, body: "" } : copy;
}

function tooLong({ channel, copy }: CopyInput): LookalikeError {
  return new LookalikeError(
    "ERR_COPY_TOO_LONG",
    `${expected("a shorter headline and button", `channel ${channel.id}`, copy.headline)} with the button "${copy.cta}"`,
    {
      hint: "Use shorter words, put soft hyphens (U+00AD) where long ones may break, or leave this channel out.",
    },
  );
}

async function measureCopy(setter: Typesetter, copy: AdCopy, style: TextStyle): Promise<CopyText> {
  // A body that begins with "128 GB" is read the way its headline is.
  const rtl = isRightToLeft(copy.headline);
  const measure = (text: string, of: TextStyle): Promise<Measured> =>
    measureText(setter, text, { ...of, rtl });
  const [headline, body, cta] = await Promise.all([
    measure(copy.headline, style),
    measure(copy.body, BODY_STYLE),
    measure(copy.cta, BUTTON_STYLE),
  ]);
  return { headline, body, cta, rtl };
}
