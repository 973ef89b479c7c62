import { resolve } from "node:path";
import type { EraseRequest, Gallery } from "../../gallery/index.ts";
import type { Decision } from "../../handover/index.ts";
import { hashFile } from "../../io/files.ts";
import { forgetInJudgements } from "../../learning/index.ts";
import { changeRuns, type EraseOptions, type EraseReceipt } from "./erase.ts";
import { showsPhoto, withRuns } from "./runs.ts";

export interface ErasePhotosOptions extends EraseOptions {
  readonly gallery: Gallery;
  /** Path of the campaign's default photo, which runs may show even if it is not in the gallery. */
  readonly defaultPhoto?: string | undefined;
  /** Files of `lookalike judge`, whose answers about the photos are removed too. */
  readonly judgements?: readonly string[] | undefined;
}

/**
 * Erases a photo of the inventory, or all photos of a model release: faces, embeddings and their entries in
 * the search index, and every creative that shows them. Decisions that chose them keep the offer and lose
 * photo and creatives. A keyed hash blocks the photos in later indexing, and as default photos of campaigns.
 *
 * @returns null: the gallery, the runs and the disk have no such photo, and nothing was changed
 * @throws as `eraseCustomer`, ERR_GALLERY_BUSY
 */
export async function erasePhotos(
  requested: EraseRequest,
  options: ErasePhotosOptions,
): Promise<EraseReceipt | null> {
  const { gallery, audit, outs, judgements = [], at = new Date() } = options;
  const which = "photo" in requested ? { photo: await gallery.spelling(requested.photo) } : requested;
  const { paths, hashes, isFound } = await findPaths(which, options);
  let runs = { decisions: 0, creatives: 0, exports: 0, records: 0 };
  let answers = 0;
  const changeFound = async () => {
    // Before the gallery deletes the hashes by which the answers refer to the photos.
    for (const path of judgements) answers += await forgetInJudgements(path, hashes);
    if (!isFound) return;
    runs = await changeRuns(options, {
      change: (decision) => withoutPhotos(decision, paths),
      isLeftover: (origin) => origin === null || hashes.has(origin.photo),
    });
  };
  // Also if nothing is found: after a killed erasure the gallery's files may still have to be compacted.
  const erased = await withRuns(isFound ? outs : [], () => gallery.erase(which, { before: changeFound }));
  if (!isFound && erased.length === 0) return null;
  const kind = "photo" in which ? "photo" : "release";
  const removed = {
    ...{ consents: 0, ...runs, photos: erased.length },
    ...(judgements.length === 0 ? {} : { judgements: answers }),
  };
  audit.append(`erase.${kind}`, { detail: removed });
  return { kind, at, removed, audit: audit.head() };
}

/** Removes the shown photo with its creatives; of a photo that would have been shown, the path is removed. */
function withoutPhotos(decision: Decision, paths: ReadonlySet<string>): Decision {
  const { photo, assignment } = decision;
  const wouldBe = assignment?.would_be.photo;
  const kept =
    assignment !== undefined && wouldBe != null && paths.has(wouldBe)
      ? { ...decision, assignment: { ...assignment, would_be: { ...assignment.would_be, photo: null } } }
      : decision;
  if (photo === null || !paths.has(photo.path)) return kept;
  return { ...kept, photo: null, copy: null, creatives: [] };
}

interface FoundPaths {
  /** All paths under which runs may show these photos: files of equal content are one photo. */
  readonly paths: ReadonlySet<string>;
  /** SHA-256 of their files. */
  readonly hashes: ReadonlySet<string>;
  /** The gallery, the disk or runs have one of them. */
  readonly isFound: boolean;
}

async function findPaths(which: EraseRequest, options: ErasePhotosOptions): Promise<FoundPaths> {
  const { gallery, defaultPhoto, outs, vault = null } = options;
  const hashes = await findHashes(which, gallery);
  const paths = new Set<string>("photo" in which ? [resolve(which.photo)] : []);
  for await (const { path, hash } of gallery.photos()) if (hashes.has(hash)) paths.add(path);
  if (defaultPhoto !== undefined && (await isDefault(defaultPhoto, which, { gallery, hashes })))
    paths.add(defaultPhoto);
  if (hashes.size > 0 || !("photo" in which)) return { paths, hashes, isFound: paths.size > 0 };
  for (const out of outs) if (await showsPhoto(out, vault, paths)) return { paths, hashes, isFound: true };
  return { paths, hashes, isFound: false };
}

async function findHashes(which: EraseRequest, gallery: Gallery): Promise<ReadonlySet<string>> {
  const hashes = new Set<string>();
  if ("photo" in which) {
    const path = resolve(which.photo);
    const hash = (await gallery.photo(path))?.hash ?? (await hashIfThere(path));
    if (hash !== null) hashes.add(hash);
    return hashes;
  }
  for await (const { hash, release } of gallery.photos()) if (release?.id === which.release) hashes.add(hash);
  return hashes;
}

async function isDefault(
  path: string,
  which: EraseRequest,
  { gallery, hashes }: { readonly gallery: Gallery; readonly hashes: ReadonlySet<string> },
): Promise<boolean> {
  const hash = await hashIfThere(path);
  if (hash === null) return false;
  const { releases } = await gallery.standing(path);
  return hashes.has(hash) || ("release" in which && releases.some(({ id }) => id === which.release));
}

function hashIfThere(path: string): Promise<string | null> {
  return hashFile(path).catch(() => null);
}
