import type { Box, HairColor, WeightChanges } from "../faces/index.ts";
import type { GalleryPhoto } from "./types.ts";

export interface Match {
  readonly photo: GalleryPhoto;
  /** Index into `photo.faces` of the matched face. */
  readonly faceIndex: number;
  readonly box: Box;
  /** Euclidean distance between the embeddings (not squared); 0 is the same picture, 0.6 dlib's 'same person'. */
  readonly distance: number;
  /**
   * How alike people would call the two faces: 0 is alike, about 1 is the value of two random people. Matches are
   * ordered by it. Null if the probe or the gallery has no features: matches are then ordered by distance.
   */
  readonly resemblance: number | null;
}

/** Only faces with these attributes; faces without estimated attributes do not match. */
export interface AppearanceFilter {
  /** Apparent age from, to (both included), years. */
  readonly age?: readonly [from: number, to: number] | undefined;
  /** The same, but faces of unknown age pass. */
  readonly ageIfKnown?: readonly [from: number, to: number] | undefined;
  /** A probability of smiling of at least 0.5, or below it. */
  readonly smiling?: boolean | undefined;
  /** One of these. */
  readonly hair?: readonly HairColor[] | undefined;
  /** Apparent gender: a probability of female of at least 0.5, or below it; an estimate. */
  readonly female?: boolean | undefined;
}

/** Only faces of at least this quality; 0 (the default): all. */
export interface QualityFloor {
  /** px between the eyes, in the original. */
  readonly interocularPx?: number | undefined;
  /** `FaceQuality.score`, in [0, 1]. Faces that were indexed before it was measured pass. */
  readonly score?: number | undefined;
  /** `FaceQuality.eyeLight`: excludes dark glasses. Faces that were indexed before it was measured pass. */
  readonly eyeLight?: number | undefined;
  /** Heads turned to the side by more degrees are excluded; default: none. */
  readonly maxYawDegrees?: number | undefined;
  /**
   * Only faces that are upright, or that a quarter turn of their photo certainly sets upright (`uprightTurn`); default
   * false.
   */
  readonly upright?: boolean | undefined;
}

/** A face to search for: by resemblance if its features are given, otherwise by distance. */
export interface Probe {
  readonly embedding: Float32Array;
  readonly features?: Float32Array | undefined;
}

export interface MatchOptions {
  /** Maximum number of photos, nearest first; default 5. A photo appears once, with its nearest face. */
  readonly top?: number | undefined;
  /** Every one of these tags must be on the photo. */
  readonly tags?: readonly string[] | undefined;
  /** Releases are checked against this moment and territory. */
  readonly at?: Date | undefined;
  readonly territory?: string | undefined;
  /** Only photos with a release of their own; default false. */
  readonly requireRelease?: boolean | undefined;
  /** Releases are checked for this medium too, such as online or print. */
  readonly media?: string | undefined;
  readonly excludePhotos?: ReadonlySet<string> | undefined;
  /** Photos with a smaller Euclidean distance of embeddings are excluded; default 0: none. */
  readonly minDistance?: number | undefined;
  /** Photos with a greater distance are excluded; default: none. */
  readonly maxDistance?: number | undefined;
  /** The same two bounds of resemblance, see `Gallery.quantiles`; ignored if matches are ordered by distance. */
  readonly minResemblance?: number | undefined;
  readonly maxResemblance?: number | undefined;
  readonly appearance?: AppearanceFilter | undefined;
  readonly floor?: QualityFloor | undefined;
  /** Weights of parts of resemblance; replace those of the default or of the metric. */
  readonly weights?: WeightChanges | undefined;
  /** Id of the embedder that made the probe; if given, it must be the gallery's. */
  readonly embedderId?: string | undefined;
  /** `FaceEngine.featuresId` of the engine that made the probe; default: all the parts that the gallery has. */
  readonly featuresId?: string | null | undefined;
}

export interface QuantileOptions extends MatchOptions {
  /**
   * `inventory` (default): the gallery's faces that pass the filters. `people`: the package's population of 1,000
   * generated faces, which does not depend on the gallery; without features, the inventory is used.
   */
  readonly among?: "inventory" | "people" | undefined;
}

/** One value per share, of the measure that the probe's matches are ordered by. */
export interface Quantiles {
  readonly of: "distance" | "resemblance";
  readonly values: readonly number[];
}

/** How probes are searched for at present, and why: exact search is used if the index is not available. */
export interface SearchStatus {
  readonly kind: "exact" | "hnsw";
  readonly faces: number;
  /** One sentence, for messages. */
  readonly reason: string;
}
