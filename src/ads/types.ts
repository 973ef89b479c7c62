import type { Box, Point } from "../faces/index.ts";
import type { ImageFormat, QuarterTurn } from "../io/image/index.ts";
import type { BrandFont } from "./type/fonts.ts";

/** The texts of an ad, without placeholders. */
export interface AdCopy {
  readonly headline: string;
  readonly body: string;
  readonly cta: string;
}

/** The texts of an ad with those that only some creatives show. */
export interface CreativeCopy extends AdCopy {
  /** Small print, which is never shortened; default: none. */
  readonly legal?: string | undefined;
  /** Used if the headline would be too small; default: none. */
  readonly headlineShort?: string | undefined;
}

/** An offer's further texts: for all channels, and for single ones by their id. */
export interface CopyExtras extends Pick<CreativeCopy, "legal" | "headlineShort"> {
  readonly channels?: Readonly<Record<string, ChannelWords>> | undefined;
}

/** A channel's own texts; those that are left out are as in the other channels. */
type ChannelWords = {
  readonly [Part in "headline" | "body" | "cta" | "legal"]?: string | undefined;
};

/** The photo of an ad, with everything that a crop needs. */
export interface AdPhoto {
  /** Absolute path. */
  readonly path: string;
  /** SHA-256 of the file. */
  readonly hash: string;
  /** By which the file's picture is rotated; size, faces and focus are those of the turned picture. Default 0. */
  readonly turn?: QuarterTurn | undefined;
  /** Degrees clockwise by which the leading head is still rotated then; default 0. */
  readonly rollDegrees?: number | undefined;
  /** Upright size in px. */
  readonly width: number;
  readonly height: number;
  readonly faces: readonly { readonly box: Box; readonly landmarks: readonly Point[] }[];
  /** Index into `faces` of the face that leads; null: no face matters more than another. */
  readonly leadFace: number | null;
  /** Manual focal point as fractions in [0, 1]; takes precedence over the faces. */
  readonly focus: Point | null;
  /** Origin of the photo, for the files' metadata; default: none. */
  readonly rights?: PhotoRights | undefined;
}

export interface PhotoRights {
  /** Credit for the photo. */
  readonly credit?: string | undefined;
  /** Id of the model's permission in the inventory. */
  readonly releaseId?: string | undefined;
  /** Made by a generative model. */
  readonly synthetic?: boolean | undefined;
}

export interface Brand {
  readonly name: string;
  /** PNG, SVG, WebP or JPEG with the logo; null: the name is set as a wordmark. */
  readonly logo: string | null;
  /** The logo in one colour, drawn in the text's colour where the logo has too little contrast; default: none. */
  readonly logoMono?: string | null | undefined;
  readonly colors: { readonly primary: string; readonly ink: string; readonly paper: string };
  /** The brand's own fonts, used before the bundled one; default: none. */
  readonly fonts?: readonly BrandFont[] | undefined;
  /** Corners of panels, cards and buttons; default `round`. */
  readonly corner?: BrandCorner | undefined;
  /** Background of text: the brand's colour (default), its paper, or its ink. */
  readonly tone?: BrandTone | undefined;
}

export const BRAND_CORNERS = ["square", "soft", "round"] as const;
export type BrandCorner = (typeof BRAND_CORNERS)[number];
export const BRAND_TONES = ["bold", "light", "dark"] as const;
export type BrandTone = (typeof BRAND_TONES)[number];

/** Distances from the edges of a canvas, px. */
export interface Insets {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export interface Channel {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
  /** Weight limit of the file. */
  readonly maxBytes: number;
  /** Covered by the platform's own buttons and captions: no text, logo or button is placed there; default: nothing. */
  readonly safe?: Insets | undefined;
  /** Pixels per pixel of the reader's screen, for the least size of letters; default 1. */
  readonly density?: number | undefined;
  /** Whether there is room for the body text; default true. */
  readonly body?: boolean | undefined;
}

/** One rendered file for one channel. */
export interface Creative {
  readonly channel: string;
  /** Path relative to the output folder. */
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly sha256: string;
}

export const AD_WARNING_CODES = [
  "copy_shortened",
  "head_cut",
  "photo_padded",
  "photo_turned",
  "photo_on_side",
  "face_not_leading",
  "template_replaced",
  "logo_on_plate",
  "logo_empty",
  "quality_lowered",
] as const;

/** Something that a person should check; the creative is complete and can be published. */
export interface AdWarning {
  readonly code: (typeof AD_WARNING_CODES)[number];
  readonly channel: string;
  readonly message: string;
}

/** Positions in a finished creative, px of the creative, for checks and previews. */
export interface CreativeLayout {
  readonly headline: Box;
  readonly body: Box;
  readonly button: Box;
  /** The button's text. */
  readonly cta: Box;
  readonly logo: Box;
  /** Small print; of height 0 if there is none. */
  readonly legal: Box;
  /** Sizes of letters, and the distance of the headline's baselines, px. */
  readonly letters: {
    readonly headline: number;
    readonly body: number;
    readonly lineHeight: number;
  };
  /** The part of the photo that shows, px of the photo, and where, px of the creative. */
  readonly picture: {
    /** May extend beyond the photo, whose plain backdrop is then continued. */
    readonly region: Box;
    readonly target: Box;
    /** Of its corners. */
    readonly radius: number;
  };
  /** The panel over the photo; null if text is on the photo itself, or beside it on the page. */
  readonly panel: Box | null;
  /** How much lower the left end of the panel's upper edge is than its right end; 0: it is level. */
  readonly panelRise: number;
  /** Where the photo fades into a dark ground; null: nowhere. */
  readonly faded: Box | null;
  readonly colors: { readonly headline: string; readonly body: string; readonly cta: string };
}

/** The creatives of one ad, one per channel in the channels' order; `alts` and `layouts` have the same order. */
export interface RenderedAd {
  /** What each picture shows, in words, for those who cannot see it: its own copy, and how many people are in it. */
  readonly alts: readonly string[];
  readonly creatives: readonly Creative[];
  readonly layouts: readonly CreativeLayout[];
  readonly warnings: readonly AdWarning[];
}
