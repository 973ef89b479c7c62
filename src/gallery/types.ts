import type { Face, Point } from "../faces/index.ts";
import type { PictureHash } from "../io/image/index.ts";

/** One face of an inventory photo, without its embedding and features. */
export type GalleryFace = Omit<Face, "embedding" | "features">;

/** The row of a photo in `photos.csv`; defaults if there is none. */
export interface PhotoLabels {
  readonly tags: readonly string[];
  readonly release: PhotoRelease | null;
  /** Manual focal point as fractions of width and height in [0, 1]; null: the faces decide. */
  readonly focus: Point | null;
  /** A point of the only face that may lead an ad, as fractions; default: any face may. */
  readonly lead?: Point | undefined;
  /** The photo was made by a machine (IPTC DigitalSourceType). */
  readonly synthetic: boolean;
  /** Credit for the photo; default: the file's own. */
  readonly credit?: string | undefined;
}

export interface PhotoRelease {
  readonly id: string;
  readonly expires: Date | null;
  /** ISO 3166 codes; empty: everywhere. */
  readonly territories: readonly string[];
  /** When the model withdrew it. The photo is then never shown. */
  readonly withdrawn?: Date | null | undefined;
  /** Where the photo may appear, such as online or print; empty: in all media. */
  readonly media?: readonly string[] | undefined;
}

export interface GalleryPhoto extends PhotoLabels {
  /** Absolute path of the file when it was last indexed. */
  readonly path: string;
  /** SHA-256 of the file. */
  readonly hash: string;
  readonly width: number;
  readonly height: number;
  readonly faces: readonly GalleryFace[];
  /** Perceptual hash, used to find copies of the picture; null: the picture is blank, or it was not computed yet. */
  readonly picture?: PictureHash | null | undefined;
  /** Path of the original of this copy; its `release` applies, because the copy has none of its own. */
  readonly copyOf?: string | undefined;
}

/** Features of a face, and the id of their parts and version. */
export interface StoredFeatures {
  readonly id: string;
  readonly values: Float32Array;
}

/** The gallery's data of a file before it is shown, with or without a face. */
export interface PhotoStanding {
  /** A file of this content was erased. */
  readonly isErased: boolean;
  /** The release of this path; if it has none, those of all files of equal content. */
  readonly releases: readonly PhotoRelease[];
}
