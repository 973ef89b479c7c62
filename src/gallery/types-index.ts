import type { LookalikeError } from "../core/index.ts";
import type { QuarterTurn } from "../io/image/index.ts";

export interface IndexOptions {
  /** The labels file; null: none. Default: `photos.csv` in an indexed folder, else in the folder above it. */
  readonly labels?: string | null | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Photos described at once; default: the engine's own. */
  readonly jobs?: number | undefined;
  readonly onProgress?: ((progress: IndexProgress) => void) | undefined;
}

export interface IndexProgress {
  readonly done: number;
  readonly total: number;
  readonly photo: string;
}

export interface IndexReport {
  /** `seen` = `indexed` + `unchanged` + `refused`. */
  readonly photos: {
    /** Photo files under the given paths. */
    readonly seen: number;
    /** New to the gallery, or changed since. */
    readonly indexed: number;
    /** Already in the gallery, at this path or, if moved or renamed, at another one. */
    readonly unchanged: number;
    /** No longer under the given folders. */
    readonly removed: number;
    readonly refused: number;
  };
  /** Distinct faces in the gallery after the run; files of equal content share their faces. */
  readonly faces: number;
  readonly seconds: number;
  readonly refusals: readonly { readonly photo: string; readonly error: LookalikeError }[];
  /**
   * Number of pictures that were not indexed, by extension (.bmp, .jp2, ...), and of `link`: links to folders outside
   * of the given ones.
   */
  readonly skipped: Readonly<Record<string, number>>;
  readonly labels: LabelsReport;
  /** Photos without a release of their own that this run found to be copies of photos with a limited one. */
  readonly copies: readonly PhotoCopy[];
  /** Photos of the gallery whose main face is tilted by more than `TILTED_DEGREES`, ordered by path. */
  readonly tilted: readonly TiltedPhoto[];
}

export interface TiltedPhoto {
  readonly photo: string;
  /** Of its main face, clockwise positive. */
  readonly rollDegrees: number;
  /** Ads rotate the picture by this, clockwise; null: not certain, and campaigns skip the photo. */
  readonly turn: QuarterTurn | null;
}

/** A photo that has the limits of the release of another one. */
export interface PhotoCopy {
  readonly photo: string;
  readonly of: string;
}

export interface LabelsReport {
  /** Photos whose tags and release were set from a labels file. */
  readonly applied: number;
  /** Bad rows, each as `file:line`. A photo with an invalid row is not matched. */
  readonly refusals: readonly { readonly row: string; readonly error: LookalikeError }[];
}
