import type { FaceEngine, ResemblanceMetric } from "../faces/index.ts";
import type { Vault } from "../trust/index.ts";
import type { GalleryPhoto, PhotoStanding, StoredFeatures } from "./types.ts";
import type { IndexOptions, IndexReport } from "./types-index.ts";
import type { Match, MatchOptions, Probe, QuantileOptions, Quantiles, SearchStatus } from "./types-match.ts";

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
  /** Faces of one search graph, 1 or more; larger galleries have several, built on all cores. Default 1,000,000. */
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
