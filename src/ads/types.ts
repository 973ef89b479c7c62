import type { Box, Point } from "../faces/index.ts";

/** What the customer reads. Placeholders are already filled in. */
export interface AdCopy {
  readonly headline: string;
  readonly body: string;
  readonly cta: string;
}

/** The photo of an ad, with everything that a crop must respect. */
export interface AdPhoto {
  /** Absolute path. */
  readonly path: string;
  /** SHA-256 of the file. */
  readonly hash: string;
  /** Upright size in px. */
  readonly width: number;
  readonly height: number;
  readonly faces: readonly { readonly box: Box; readonly landmarks: readonly Point[] }[];
  /** Index into `faces` of the face that leads; null: no face matters more than another. */
  readonly leadFace: number | null;
  /** Manual focal point as fractions in [0, 1]; wins over the faces. */
  readonly focus: Point | null;
}

export interface Brand {
  readonly name: string;
  /** PNG, SVG, WebP or JPEG with the logo; null: the name is set as a wordmark. */
  readonly logo: string | null;
  readonly colors: { readonly primary: string; readonly ink: string; readonly paper: string };
}

export interface Channel {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly format: "jpeg" | "png" | "webp" | "avif";
  readonly maxBytes: number;
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
