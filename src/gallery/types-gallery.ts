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
  /** From this number of faces on, the hnsw index is used instead of exact search; default `HNSW_FROM_FACES`. */
  readonly hnswFromFaces?: number | undefined;
  /** Faces of one search graph, 1 or more; larger galleries have several, built on all cores. Default 1,000,000. */
  readonly segmentFaces?: number | undefined;
}

/**
 * The enrolled faces of a photo inventory, stored in one folder. One process may write at a time. Any number of
 * processes may match at the same time; they see each change after it is committed.
 */
export interface Gallery {
  readonly folder: string;
  /** Id of the embedder of its faces; null if the gallery is empty. */
  readonly embedderId: string | null;
  /**
   * Updates the gallery from these folders and photos: new and changed photos are described, moved photos keep their
   * faces, missing photos are removed. Photos outside the folders stay. Each photo is committed separately, so that
   * the next run resumes an interrupted one.
   *
   * @throws ERR_OPTION_INVALID, ERR_PHOTO_NOT_FOUND, ERR_FOLDER_EMPTY, ERR_LABELS_INVALID, ERR_GALLERY_EMBEDDER,
   * ERR_GALLERY_BUSY, ERR_ABORTED
   */
  index(paths: readonly string[], engine: FaceEngine, options?: IndexOptions): Promise<IndexReport>;
  /**
   * The photos whose faces resemble a probe most, best first; empty if the gallery is empty or no face passes the
   * filters. If the probe or the gallery has no features, matches are ordered by distance.
   *
   * @throws ERR_PROBE_INVALID wrong dimensions, or a component that is not a finite number
   * @throws ERR_OPTION_INVALID, ERR_GALLERY_EMBEDDER
   */
  match(probe: Float32Array | Probe, options?: MatchOptions): Promise<readonly Match[]>;
  /**
   * Quantiles of a probe's own distances to the gallery's faces that pass the filters. Use them as bounds that treat
   * groups of people equally: faces of some groups are closer together (docs/faces.md).
   *
   * @param shares in [0, 1]
   * @returns no values if no face passes
   */
  quantiles(
    probe: Float32Array | Probe,
    shares: readonly number[],
    options?: QuantileOptions,
  ): Promise<Quantiles>;
  /** How `match` searches at present; loads or builds the index. */
  search(): Promise<SearchStatus>;
  photo(path: string): Promise<GalleryPhoto | null>;
  /**
   * The path of the only photo whose path differs from this one in Unicode form, case or separators alone; the given
   * path if it exists in the gallery or on disk, or if there is no such photo or several.
   */
  spelling(path: string): Promise<string>;
  /** Features of a photo's most prominent face, by the photo's SHA-256; null if it is unknown or has none. */
  features(hash: string): Promise<StoredFeatures | null>;
  /**
   * Whether a file was erased, and its releases, found by its path and by its content.
   * @throws ERR_PHOTO_NOT_FOUND
   */
  standing(path: string): Promise<PhotoStanding>;
  /** All photos by path, read in small batches. */
  photos(): AsyncIterable<GalleryPhoto>;
  /**
   * Removes a photo, and its faces unless another file of equal content exists; false if it was not in the gallery.
   * @throws ERR_GALLERY_BUSY
   */
  remove(path: string): Promise<boolean>;
  /**
   * Erases photos permanently: all files of equal content, their faces and their data in the index. Compacts the
   * database, so that no deleted byte remains. A keyed hash prevents the content from being indexed again.
   *
   * @returns the paths that were in the gallery
   * @throws ERR_GALLERY_BUSY; run it again to complete it
   */
  erase(which: EraseRequest, options?: EraseOptions): Promise<readonly string[]>;
  /**
   * Copies the photos of another gallery of the same key and embedder. The next `index` sets labels, releases and
   * copies, and does not describe these photos again.
   *
   * @param folder of the other gallery
   * @returns number of distinct files copied
   * @throws ERR_GALLERY_EMBEDDER, ERR_GALLERY_BUSY, ERR_GALLERY_CORRUPT, ERR_KEY_REQUIRED, ERR_KEY_WRONG
   */
  absorb(folder: string): Promise<number>;
  /**
   * Copies the gallery's files in one consistent state.
   *
   * @param target a folder; created if it is missing
   * @returns names of the files in it
   * @throws ERR_GALLERY_BUSY, ERR_OUTPUT_UNWRITABLE
   */
  copyTo(target: string): Promise<readonly string[]>;
  close(): Promise<void>;
}
