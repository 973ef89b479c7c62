import type { LookalikeError } from "../errors.ts";
import type { Box, Face, FaceEngine, Point } from "../faces/index.ts";

/** One face of an inventory photo as the gallery keeps it (the embedding stays inside). */
export type GalleryFace = Omit<Face, "embedding">;

/** What `photos.csv` says of a photo; the defaults where it says nothing. */
export interface PhotoLabels {
  readonly tags: readonly string[];
  readonly release: PhotoRelease | null;
  /** Manual focal point as fractions of width and height in [0, 1]; null: the faces decide. */
  readonly focus: Point | null;
  /** The photo was made by a machine (IPTC DigitalSourceType). */
  readonly synthetic: boolean;
}

export interface PhotoRelease {
  readonly id: string;
  readonly expires: Date | null;
  /** ISO 3166 codes; empty: everywhere. */
  readonly territories: readonly string[];
}

export interface GalleryPhoto extends PhotoLabels {
  /** Absolute path of the file when it was last indexed. */
  readonly path: string;
  /** SHA-256 of the file. */
  readonly hash: string;
  readonly width: number;
  readonly height: number;
  readonly faces: readonly GalleryFace[];
}

export interface Match {
  readonly photo: GalleryPhoto;
  /** Index into `photo.faces` of the matched face. */
  readonly faceIndex: number;
  readonly box: Box;
  /** Euclidean distance between the embeddings (not squared); 0 is the same picture, 0.6 dlib's 'same person'. */
  readonly distance: number;
}

export interface MatchOptions {
  /** How many photos at the most, nearest first; default 5. A photo appears once, with its nearest face. */
  readonly top?: number | undefined;
  /** Every one of these tags must be on the photo. */
  readonly tags?: readonly string[] | undefined;
  /** Releases are checked against this moment and territory. */
  readonly at?: Date | undefined;
  readonly territory?: string | undefined;
  readonly excludePhotos?: ReadonlySet<string> | undefined;
}

export interface IndexOptions {
  readonly signal?: AbortSignal | undefined;
  readonly jobs?: number | undefined;
  readonly onProgress?: ((progress: IndexProgress) => void) | undefined;
}

export interface IndexProgress {
  readonly done: number;
  readonly total: number;
  readonly photo: string;
}

export interface IndexReport {
  readonly photos: {
    readonly seen: number;
    readonly indexed: number;
    readonly unchanged: number;
    readonly removed: number;
    readonly refused: number;
  };
  /** Faces in the gallery after the run. */
  readonly faces: number;
  readonly seconds: number;
  readonly refusals: readonly { readonly photo: string; readonly error: LookalikeError }[];
}

export interface Gallery {
  readonly folder: string;
  /** Id of the embedder whose faces it holds; null while it is empty. */
  readonly embedderId: string | null;
  /** Brings the gallery up to date with these folders and photos. */
  index(paths: readonly string[], engine: FaceEngine, options?: IndexOptions): Promise<IndexReport>;
  /** The nearest photos to a probe embedding. */
  match(probe: Float32Array, options?: MatchOptions): Promise<readonly Match[]>;
  photo(path: string): Promise<GalleryPhoto | null>;
  photos(): AsyncIterable<GalleryPhoto>;
  remove(path: string): Promise<boolean>;
  close(): Promise<void>;
}
