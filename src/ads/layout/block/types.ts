import type { Measured } from "../../type/paragraph.ts";
import type { Rect } from "../rect.ts";

/** The text of an ad as one block: headline, body, button and logo, with positions. */

/** Measured copy. */
export interface CopyText {
  readonly headline: Measured;
  readonly body: Measured;
  readonly cta: Measured;
  readonly legal: Measured;
  /** Read from right to left: the block is mirrored. */
  readonly rtl: boolean;
}

/** Letter sizes and distances at full scale, px. */
export interface TypeScale {
  readonly headline: number;
  readonly body: number;
  readonly cta: number;
  /** Small print has one size. */
  readonly legal: number;
  /** The creative's shorter side, px; a headline's least size is a share of it. */
  readonly short: number;
  readonly logoHeight: number;
  /** Space between headline and body; twice that is above the button. */
  readonly gap: number;
  /** Letters never get smaller than this, px. */
  readonly floors: { readonly headline: number; readonly body: number; readonly cta: number };
}

export interface TextFit {
  readonly lines: readonly string[];
  readonly size: number;
  /** Distance of baselines in letter sizes. */
  readonly leading: number;
}

export interface Parts {
  readonly headline: Rect;
  readonly body: Rect;
  readonly button: Rect;
  readonly cta: Rect;
  readonly logo: Rect;
  readonly legal: Rect;
  /** Bar above the headline. */
  readonly accent: Rect | null;
}

/** Copy broken into lines at the scale that suits it best. */
export interface Block {
  readonly headline: TextFit;
  readonly body: TextFit;
  readonly cta: TextFit;
  readonly legal: TextFit;
  /** The headline is smaller than it should be: a shorter one would help. */
  readonly isSmall: boolean;
  /** Relative to the block's top left corner. */
  readonly parts: Parts;
  readonly width: number;
  readonly height: number;
  readonly rtl: boolean;
  /** Lower is better: small letters and many short lines raise it. */
  readonly penalty: number;
}

export interface BlockBox {
  readonly width: number;
  readonly height: number;
  /** Width / height of the logo. */
  readonly logoAspect: number;
  readonly accent: boolean;
  /** Widest that body and button may be, px. */
  readonly measure: number;
  /** Height of the ground that the block should fill; null: it has no ground. */
  readonly panel: number | null;
  /** Height of the upper part, with logo and headline, px; body and button are at the foot. Null: all are together. */
  readonly upper: number | null;
  /** Size of the headlines of the campaign's ads, px; null: each has its own. */
  readonly headline: number | null;
}
