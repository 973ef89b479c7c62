import type { Rect } from "../layout/rect.ts";

/** The canvas that a template divides, px. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Margin around everything that is read. */
  readonly margin: number;
  /** Radius of large corners by the brand's `corner`; 0: square. */
  readonly radius: number;
  /** Area for text, logo and button: inside the margin and the channel's safe zone. */
  readonly inner: Rect;
  /** The part, of full width, that the platform does not cover: heads should be there. */
  readonly open: Rect;
}

/** The side of the text; the photo is on the opposite side. */
export type Side = "bottom" | "top" | "left" | "right";

/** Grounds by their use; the brand's colours and tone determine their colours. */
export type Surface = "brand" | "paper" | "tint";

/** Arrangement of headline, body, button and logo. */
export type Flow = "stack" | "row";

/** In a stack: beside the button, above the headline, or at the top of the box with the copy at its foot. */
export type LogoPlace = "beside-button" | "above" | "apart";

/** A plain ground under the text. */
export interface Ground {
  /** Measured at the text's box where `hug` is set. */
  readonly rect: Rect;
  readonly surface: Surface;
  /**
   * `open`: one round corner towards the photo; `slant`: the edge towards the photo rises; `card`: round and lifted by
   * a shadow.
   */
  readonly shape: "plain" | "open" | "slant" | "card";
  /** Shrinks to its text with this padding, px; default: keeps its size. */
  readonly hug?: number | undefined;
}

/**
 * How text without a ground is set on the photo: `scrim` darkens the photo below it; `fade` fades the photo
 * into the scrim's colour, which fills the canvas beyond the slot; `quiet` leaves the photo as it is, and the text
 * is on its plain backdrop; `page` has text and photo side by side on the base's colour.
 */
type Veil = "scrim" | "fade" | "quiet" | "page";

/** One way to divide a canvas; the layout search tries all of a template and keeps the best. */
export interface Arrangement {
  readonly side: Side;
  /** Area of the photo, which continues below a ground's rounded corner. */
  readonly slot: Rect;
  /** Corners of the photo, px; default 0. */
  readonly slotRadius?: number | undefined;
  /** The photo leaves its slot for a frame only if heads would be cut, not for a face to lead; default false. */
  readonly keepsSlot?: boolean | undefined;
  /** Area for text, button and logo. */
  readonly textBox: Rect;
  /** null: text on the photo, under a veil. */
  readonly ground: Ground | null;
  /** Default `scrim`. */
  readonly veil?: Veil | undefined;
  /** Colour beside photo and ground; default: the ground's. */
  readonly base?: Surface | undefined;
  readonly flow: Flow;
  readonly logo: LogoPlace;
  /** Vertical position of a stack that is lower than its box; default `middle`. */
  readonly anchor?: "start" | "middle" | "end" | undefined;
  /** Largest width of body and button, px; the headline uses the whole box. Default: as the headline. */
  readonly measure?: number | undefined;
  /** Height of the text's upper part, with logo and headline, px; body and button are at the foot. Default: all together. */
  readonly upper?: number | undefined;
  /** A short rule in the brand's colour above the headline; default false. */
  readonly accent?: boolean | undefined;
  /** Added to the penalty: how much the template prefers other arrangements. */
  readonly bias: number;
  /** The template whose composition is used, if it is another one; default: its own. */
  readonly from?: string | undefined;
}

export interface Template {
  readonly id: string;
  /** Letters of the headline; default `sans`. */
  readonly voice?: "sans" | "serif" | undefined;
  /** Changes with the template's content; for templates from files. */
  readonly hash?: string | undefined;
  arrange(canvas: Canvas): readonly Arrangement[];
}
