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
   * What matches are ordered by: how alike people would call the two faces, 0 alike, about 1 for two people taken at
   * random. Null where it is not known of the probe or of the gallery: then matches are ordered by distance.
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

/** Only faces with at least this quality score; 0 (the default): all. */
export interface QualityFloor {
  /** px between the eyes, in the original. */
  readonly interocularPx?: number | undefined;
  /** `FaceQuality.score`, in [0, 1]. Faces of galleries that are older than that number pass. */
  readonly score?: number | undefined;
  /** `FaceQuality.eyeLight`: keeps dark glasses out. Faces of galleries that are older than that number pass. */
  readonly eyeLight?: number | undefined;
  /** Heads turned to the side by more degrees are left out; default: none. */
  readonly maxYawDegrees?: number | undefined;
  /**
   * Only faces that are upright, or that a quarter turn of their photo certainly sets upright (`uprightTurn`); default
   * false.
   */
  readonly upright?: boolean | undefined;
}

/** A face to search for: by resemblance where its features are given, else by distance. */
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
  /** and for this medium. */
  readonly media?: string | undefined;
  readonly excludePhotos?: ReadonlySet<string> | undefined;
  /** Nearer photos are left out; Euclidean distance of embeddings, default 0: none is too near. */
  readonly minDistance?: number | undefined;
  /** Farther photos are left out; default: none is too far. */
  readonly maxDistance?: number | undefined;
  /** The same two bounds of resemblance, as `Gallery.quantiles` gives them; of no effect where it is not known. */
  readonly minResemblance?: number | undefined;
  readonly maxResemblance?: number | undefined;
  readonly appearance?: AppearanceFilter | undefined;
  readonly floor?: QualityFloor | undefined;
  /** How much parts count in resemblance, in place of the default's or the metric's weights. */
  readonly weights?: WeightChanges | undefined;
  /** Id of the embedder that made the probe; given, it is checked against the gallery's. */
  readonly embedderId?: string | undefined;
  /** `FaceEngine.featuresId` of the engine that made the probe; default: all the parts that the gallery has. */
  readonly featuresId?: string | null | undefined;
}

export interface QuantileOptions extends MatchOptions {
  /**
   * `inventory` (default): the gallery's faces that pass the filters. `people`: a population that ships with the package
   * as numbers and does not change with the gallery; where features are not known, the inventory stands in.
   */
  readonly among?: "inventory" | "people" | undefined;
}

/** One value per share, of what the probe's matches are ordered by. */
export interface Quantiles {
  readonly of: "distance" | "resemblance";
  readonly values: readonly number[];
}

/** How probes are searched for at the moment, and why: exact search also serves where the index cannot. */
export interface SearchStatus {
  readonly kind: "exact" | "hnsw";
  readonly faces: number;
  /** One sentence for people. */
  readonly reason: string;
}
