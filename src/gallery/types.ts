import type { LookalikeError } from "../core/index.ts";
import type {
  Box,
  Face,
  FaceEngine,
  HairColor,
  Point,
  ResemblanceMetric,
  WeightChanges,
} from "../faces/index.ts";
import type { PictureHash } from "../io/image/index.ts";
import type { Vault } from "../trust/index.ts";

/** One face of an inventory photo as the gallery keeps it (the embedding stays inside). */
export type GalleryFace = Omit<Face, "embedding" | "features">;

/** What `photos.csv` says of a photo; the defaults where it says nothing. */
export interface PhotoLabels {
  readonly tags: readonly string[];
  readonly release: PhotoRelease | null;
  /** Manual focal point as fractions of width and height in [0, 1]; null: the faces decide. */
  readonly focus: Point | null;
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
  /** When the model withdrew it: from then on the photo is never shown. */
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
  /** Perceptual hash, by which copies of the picture are known; null: it shows nothing, or was not computed yet. */
  readonly picture?: PictureHash | null | undefined;
  /** The original of this copy; its `release` applies, because the copy has none of its own. */
  readonly copyOf?: string | undefined;
}

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
  /** Heads rotated in the picture's plane by more degrees are left out, as in a photo on its side; default: none. */
  readonly maxRollDegrees?: number | undefined;
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

/** Features of a face, and the id of what they are. */
export interface StoredFeatures {
  readonly id: string;
  readonly values: Float32Array;
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
    /** In the gallery already, at this path or, moved or renamed, at another. */
    readonly unchanged: number;
    /** No longer under the given folders. */
    readonly removed: number;
    readonly refused: number;
  };
  /** Distinct faces in the gallery after the run; files of equal content share theirs. */
  readonly faces: number;
  readonly seconds: number;
  readonly refusals: readonly { readonly photo: string; readonly error: LookalikeError }[];
  /**
   * Pictures that were not indexed, by ending (.bmp, .jp2, ...), and `link`: links to folders outside of the given
   * ones.
   */
  readonly skipped: Readonly<Record<string, number>>;
  readonly labels: LabelsReport;
  /** Photos without a release of their own that this run found to be copies of photos with a limited one. */
  readonly copies: readonly PhotoCopy[];
  /** Photos of the gallery whose main face is tilted by more than `TILTED_DEGREES`; by path. */
  readonly tilted: readonly TiltedPhoto[];
}

export interface TiltedPhoto {
  readonly photo: string;
  /** Of its main face, clockwise positive. */
  readonly rollDegrees: number;
}

/** A photo that is kept out where, and when, another one is. */
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

/** The gallery's data of a file that is to be shown, with or without a face. */
export interface PhotoStanding {
  /** A file of this content was erased. */
  readonly isErased: boolean;
  /** The release of this very path, or else those of all files of equal content. */
  readonly releases: readonly PhotoRelease[];
}

/** One photo by its path, or all photos of a model release by its id. */
export type EraseRequest = { readonly photo: string } | { readonly release: string };

export interface EraseOptions {
  /** Called under the gallery's lock, before any change. */
  readonly before?: (() => Promise<void>) | undefined;
}

export interface GalleryOptions {
  /** Encrypts the gallery's files and protects its templates; default: they are in clear. */
  readonly vault?: Vault | null | undefined;
  /** Reject a folder without a gallery (ERR_GALLERY_NOT_FOUND) instead of creating one. Default false. */
  readonly mustExist?: boolean | undefined;
  /** How resemblance is measured; default: the default weights of the parts that the gallery has. */
  readonly metric?: ResemblanceMetric | null | undefined;
  /** Faces from which on the hnsw index serves instead of exact search; default `HNSW_FROM_FACES`. */
  readonly hnswFromFaces?: number | undefined;
  /** Faces of one search graph, 1 or more; larger galleries have several, built on all cores. Default 250,000. */
  readonly segmentFaces?: number | undefined;
}

/**
 * The enrolled faces of a photo inventory, kept in one folder. One process may write at a time; any number may
 * match meanwhile, and see what is written.
 */
export interface Gallery {
  readonly folder: string;
  /** Id of the embedder of its faces; null while it is empty. */
  readonly embedderId: string | null;
  /**
   * Brings the gallery up to date with these folders and photos: new and changed photos are described, moved ones
   * keep their faces, missing ones are removed. Photos outside the folders stay. Each photo is committed on
   * its own, so that the next run resumes a killed one.
   *
   * @throws ERR_OPTION_INVALID, ERR_PHOTO_NOT_FOUND, ERR_FOLDER_EMPTY, ERR_LABELS_INVALID, ERR_GALLERY_EMBEDDER,
   * ERR_GALLERY_BUSY, ERR_ABORTED
   */
  index(paths: readonly string[], engine: FaceEngine, options?: IndexOptions): Promise<IndexReport>;
  /**
   * The photos whose faces resemble a probe most, best first; empty when the gallery is, or the filters leave none.
   * With an embedding only, or a gallery without features, matches are ordered by distance.
   *
   * @throws ERR_PROBE_INVALID wrong dimensions, or a component that is no finite number
   * @throws ERR_OPTION_INVALID, ERR_GALLERY_EMBEDDER
   */
  match(probe: Float32Array | Probe, options?: MatchOptions): Promise<readonly Match[]>;
  /**
   * Quantiles of a probe's own distances to the gallery's faces that pass the filters, so that a bound means the same
   * for everybody: how near a face is depends on the group of the person (docs/faces.md).
   *
   * @param shares in [0, 1]
   * @returns no values when no face passes
   */
  quantiles(
    probe: Float32Array | Probe,
    shares: readonly number[],
    options?: QuantileOptions,
  ): Promise<Quantiles>;
  /** How `match` searches at present; loads or builds what it needs. */
  search(): Promise<SearchStatus>;
  photo(path: string): Promise<GalleryPhoto | null>;
  /**
   * The path of the one photo whose path differs from this one in Unicode form, case or separators alone; the path itself
   * where the gallery or the disk have it, or no single photo is meant.
   */
  spelling(path: string): Promise<string>;
  /** Features of a photo's most prominent face, by the photo's SHA-256; null where it is not known or has none. */
  features(hash: string): Promise<StoredFeatures | null>;
  /**
   * Whether a file was erased, and under which releases it is known: by its path and by its content.
   * @throws ERR_PHOTO_NOT_FOUND
   */
  standing(path: string): Promise<PhotoStanding>;
  /** All photos by path, read in small batches. */
  photos(): AsyncIterable<GalleryPhoto>;
  /**
   * Forgets a photo, and its faces unless another file of equal content has them; false when it was not there.
   * @throws ERR_GALLERY_BUSY
   */
  remove(path: string): Promise<boolean>;
  /**
   * Erases photos permanently: all files of equal content, their faces and their data in the index, and compacts
   * the files so that no byte remains. A keyed hash keeps the content out when it is indexed again.
   *
   * @returns the paths that were known
   * @throws ERR_GALLERY_BUSY; run it again, it completes what is left
   */
  erase(which: EraseRequest, options?: EraseOptions): Promise<readonly string[]>;
  /**
   * Takes over the photos that another gallery of the same key and embedder has read. Labels, releases and copies are set
   * by the next `index`, which reads none of these photos again.
   *
   * @param folder of the other gallery
   * @returns distinct files that were taken over
   * @throws ERR_GALLERY_EMBEDDER, ERR_GALLERY_BUSY, ERR_GALLERY_CORRUPT, ERR_KEY_REQUIRED, ERR_KEY_WRONG
   */
  absorb(folder: string): Promise<number>;
  /**
   * Copies the gallery as it is at one moment, for readers elsewhere.
   *
   * @param target a folder, made where it is missing
   * @returns names of the files there
   * @throws ERR_GALLERY_BUSY, ERR_OUTPUT_UNWRITABLE
   */
  copyTo(target: string): Promise<readonly string[]>;
  close(): Promise<void>;
}
