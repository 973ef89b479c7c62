import type { LookalikeError } from "../core/index.ts";
import type { PixelBatch } from "./pictures/pixels.ts";

/** A point `[x, y]` in pixels of the upright (EXIF-applied) original, origin top left. */
export type Point = readonly [x: number, y: number];

/** A rectangle in pixels of the upright original. It may extend past the photo if the face does. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Detection {
  readonly box: Box;
  /** The detector's confidence, in [0, 1]. */
  readonly score: number;
}

/** Identifies an embedder: two embeddings may be compared only if these values are equal. */
export interface EmbedderInfo {
  /** Name and version of the network, its weights and the alignment before it. */
  readonly id: string;
  readonly dimensions: number;
}

/** One detected face, in pixels of the upright original. */
export interface Face extends Detection {
  /** 68 points, iBUG 300-W order: 0-16 jaw, 17-26 brows, 27-35 nose, 36-47 eyes, 48-67 mouth. */
  readonly landmarks: readonly Point[];
  /**
   * 128-d descriptor, or the output of a network of your own. Euclidean distances between embeddings of one
   * embedder compare faces.
   */
  readonly embedding: Float32Array;
  readonly quality: FaceQuality;
  /** null if the engine does not estimate them. */
  readonly attributes: FaceAttributes | null;
  /**
   * The input of resemblance (`resemblance/features.ts`): parts side by side, 0 for a part that was not
   * estimated. Comparable if `FaceEngine.featuresId` is equal. Absent: the face is compared by distance only.
   */
  readonly features?: Float32Array | undefined;
}

/** How well a face can be recognised. Numbers only: thresholds are policy of the gallery and of the probe. */
export interface FaceQuality {
  /** Distance between the eye centres, px of the original; recognition is worse under 20. */
  readonly interocularPx: number;
  /** Head turned to the side, degrees, positive towards the picture's right; 0 is frontal. */
  readonly yawDegrees: number;
  /** Head bowed (positive) or raised, degrees. */
  readonly pitchDegrees: number;
  /** Head rotated in the picture's plane, degrees, clockwise positive. */
  readonly rollDegrees: number;
  /** Mean luma of the face, in [0, 1]. */
  readonly brightness: number;
  /** Standard deviation of the luma, in [0, 0.5]. */
  readonly contrast: number;
  /** Root mean square of the luma's Laplacian at 150 px; under 0.01 is blurred. */
  readonly sharpness: number;
  /**
   * Luma beneath the eyes divided by that of the cheeks: about 1; under 0.65 the eyes are mostly behind dark
   * glasses or in deep shadow. Absent for faces of galleries that were indexed before it was measured.
   */
  readonly eyeLight?: number | undefined;
  /** How clearly the recognition network sees an upright face, in [0, 1]. */
  readonly clarity: number;
  /**
   * Overall quality, in [0, 1], from the agreement of the face's views, clarity and the detector's
   * confidence. It predicts failed matches: 0 is the lowest percent of press photos, 0.55 is usual, studio
   * portraits reach 1.
   */
  readonly score: number;
}

/** Estimates of the age and gender network. */
export interface AgeGender {
  /** Years. */
  readonly age: number;
  /** P(female) according to the network, in [0, 1]. */
  readonly female: number;
}

/** The same with the features that both estimates come from. */
export interface AgeGenderFeatures extends AgeGender {
  /** 512 features of the age and gender network. */
  readonly traits: Float32Array;
}

/**
 * The appearance of a face, estimated from pixels; docs/faces.md has the errors. The values describe how a
 * photo looks, not who the person is. Race and ethnicity are not estimated.
 */
export interface FaceAttributes {
  /** Apparent age, years. */
  readonly age: number;
  /**
   * Apparent gender: P(female), in [0, 1]. Used to measure fairness and, if a campaign enables it, by
   * `same_gender`.
   */
  readonly female: number;
  /** P(the face smiles), in [0, 1]. */
  readonly smiling: number;
  readonly hair: HairColor;
}

/**
 * `bald` includes shaved heads; `unknown` is hair that is covered, cut off by the photo's edge or unclear.
 */
export type HairColor = (typeof HAIR_COLORS)[number];

export const HAIR_COLORS = ["black", "brown", "blond", "red", "grey", "bald", "unknown"] as const;

/** A photo on disk or in memory. */
export type PhotoSource = string | Uint8Array;

/**
 * A described photo; `faces` is sorted by prominence (size and nearness to the middle), and empty if there is
 * no face.
 */
export interface PhotoFaces {
  readonly width: number;
  readonly height: number;
  readonly faces: readonly Face[];
}

export type PhotoOutcome<T = PhotoSource> =
  | ({ readonly status: "described"; readonly photo: T } & PhotoFaces)
  | { readonly status: "refused"; readonly photo: T; readonly error: LookalikeError };

/**
 * The neural networks behind an engine: pixels in, numbers out. Geometry (scaling, alignment, mirroring,
 * merging) is part of the engine and the same for every implementation.
 */
export interface FaceNetworks {
  /** A display name: which networks on which runtime. */
  readonly name: string;
  /** Faces per picture, in px of the picture, overlaps suppressed, best first, scores above `minScore`. */
  detect(pictures: PixelBatch, minScore: number): Promise<readonly (readonly Detection[])[]>;
  /** 68 points per 112-px crop of a face, in px of the crop. */
  landmarks(crops: PixelBatch): Promise<readonly (readonly Point[])[]>;
  /** One 128-d descriptor per aligned 150-px chip. */
  embed(chips: PixelBatch): Promise<readonly Float32Array[]>;
  /** Apparent age and gender per 112-px crop of a face. */
  ageGender(crops: PixelBatch): Promise<readonly AgeGenderFeatures[]>;
  /** Probabilities of the seven `EXPRESSIONS` per 112-px crop of a face. */
  expressions(crops: PixelBatch): Promise<readonly Float32Array[]>;
  /**
   * The second descriptor, 1,024 + 512 numbers, per 224-px crop of a head; null if it is not installed or
   * switched off.
   */
  readonly look: ((crops: PixelBatch) => Promise<readonly Float32Array[]>) | null;
  close(): Promise<void>;
}

export interface DescribeOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface DescribeAllOptions extends DescribeOptions {
  /** Photos described at once; as many again are decoded ahead. Default: the number of cores. */
  readonly jobs?: number | undefined;
}

/** Detects, aligns and embeds faces. It uses native memory: `close()` it. */
export interface FaceEngine {
  /** A display name: which networks on which runtime. */
  readonly name: string;
  readonly embedder: EmbedderInfo;
  /** The version of the attribute estimators; null if they are switched off. */
  readonly attributesId: string | null;
  /** The parts of the faces' features and their version; null if there are none. */
  readonly featuresId?: string | null | undefined;
  /**
   * All faces of one photo.
   * @throws ERR_PHOTO_NOT_FOUND, ERR_PHOTO_UNREADABLE, ERR_PHOTO_TOO_LARGE, ERR_ABORTED, ERR_ENGINE_CLOSED
   */
  describe(photo: PhotoSource, options?: DescribeOptions): Promise<PhotoFaces>;
  /** All faces of many photos, in input order; a bad photo is an outcome, not an exception. */
  describeAll<T extends PhotoSource>(
    photos: Iterable<T> | AsyncIterable<T>,
    options?: DescribeAllOptions,
  ): AsyncIterable<PhotoOutcome<T>>;
  close(): Promise<void>;
}
