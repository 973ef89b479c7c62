import type { LogoPlace } from "../layout/block.ts";
import type { Rect } from "../layout/rect.ts";

/** The canvas that a template divides, px. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Outer margin of everything that is read. */
  readonly margin: number;
  /** Radius of the panel's open corner. */
  readonly radius: number;
}

/** From which side the text comes; the photo has the other. */
export type Side = "bottom" | "left" | "right";

/** One way to divide a canvas; the layout search tries all of a template's and keeps the best. */
export interface Arrangement {
  readonly side: Side;
  /** Where the photo shows, also below a panel's rounded corner. */
  readonly slot: Rect;
  /** Where text, button and logo may stand. */
  readonly textBox: Rect;
  /** A coloured ground under the text; null: text on the photo, over a scrim. */
  readonly panel: Rect | null;
  readonly logo: LogoPlace;
  /** Added to the penalty: how much the template prefers other ways. */
  readonly bias: number;
}

export interface Template {
  readonly id: string;
  arrange(canvas: Canvas): readonly Arrangement[];
}
