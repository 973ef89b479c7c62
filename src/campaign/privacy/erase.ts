import { resolve } from "node:path";
import type { AuditHead, AuditLog } from "../../audit.ts";
import type { ConsentRegistry } from "../../customers/index.ts";
import { hashFile } from "../../files.ts";
import type { EraseRequest, Gallery } from "../../gallery/index.ts";
import type { Vault } from "../../vault.ts";
import { type Change, changeRun } from "./runs.ts";

export interface EraseOptions {
  readonly consents: ConsentRegistry;
  readonly audit: AuditLog;
  /** Output folders of `generate` that are under our control. */
  readonly outs: readonly string[];
  readonly vault?: Vault | null | undefined;
  /** Default: now. */
  readonly at?: Date | undefined;
}

/** Proof that an erasure was done, without a word about whom: it can be kept and shown. */
export interface EraseReceipt {
  readonly kind: "customer" | "photo" | "release";
  readonly at: Date;
  readonly removed: {
    readonly consents: number;
    /** Removed, or cleared of the photo. */
    readonly decisions: number;
    /** Made for the erased ones alone. */
    readonly creatives: number;
    readonly exports: number;
    readonly photos: number;
  };
  /** Where the audit log stood right after: note it to prove the log's past later. */
  readonly audit: AuditHead;
}

/**
 * Forgets a customer: consents, decisions, the creatives made only for them and exports of the runs concerned. What
 * remains is a keyed hash by which they stay out of later imports and runs. Bars them first, so that nothing new can
 * come while the old goes; killed half-way, it is finished by running it again.
 *
 * The customers' file and the portraits beside it belong to the CRM and are not touched.
 *
 * @throws ERR_RUN_BUSY, ERR_STORE_BUSY, ERR_OUTPUT_UNWRITABLE, ERR_KEY_REQUIRED, ERR_KEY_WRONG
 */
export async function eraseCustomer(customerId: string, options: EraseOptions): Promise<EraseReceipt> {
  const { consents, audit, at = new Date() } = options;
  const records = consents.of(customerId).length;
  consents.erase(customerId, at);
  const runs = await changeRuns(options, (decision) =>
    decision.customer_id === customerId ? null : decision,
  );
  const removed = { consents: records, ...runs, photos: 0 };
  audit.append("erase.customer", { customerId, detail: removed });
  return { kind: "customer", at, removed, audit: audit.head() };
}

/**
 * Forgets a photo of the inventory, or all photos of a model release: faces, embeddings and what the search index
 * holds of them, and every creative that shows them. Decisions that chose them keep the offer and lose photo and
 * creatives. A keyed hash keeps the photos out of later indexing, and out of campaigns whose default photo they are.
 *
 * @throws as `eraseCustomer`, ERR_GALLERY_BUSY
 */
export async function erasePhotos(which: EraseRequest, options: ErasePhotosOptions): Promise<EraseReceipt> {
  const { gallery, audit, at = new Date() } = options;
  const paths = await shownPaths(which, options);
  const runs = await changeRuns(options, (decision) =>
    decision.photo !== null && paths.has(decision.photo.path)
      ? { ...decision, photo: null, copy: null, creatives: [] }
      : decision,
  );
  const erased = await gallery.erase(which);
  const kind = "photo" in which ? "photo" : "release";
  const removed = { consents: 0, ...runs, photos: erased.length };
  audit.append(`erase.${kind}`, { detail: removed });
  return { kind, at, removed, audit: audit.head() };
}

export interface ErasePhotosOptions extends EraseOptions {
  readonly gallery: Gallery;
  /** Path of the campaign's default photo, which runs may show though the gallery does not have it. */
  readonly defaultPhoto?: string | undefined;
}

/** Every path under which runs may show the photos in question: files of equal content are one photo. */
async function shownPaths(
  which: EraseRequest,
  { gallery, defaultPhoto }: ErasePhotosOptions,
): Promise<ReadonlySet<string>> {
  const hashes = new Set<string>();
  const paths = new Set<string>();
  if ("photo" in which) {
    const path = resolve(which.photo);
    paths.add(path);
    const hash = (await gallery.photo(path))?.hash ?? (await hashIfThere(path));
    if (hash !== null) hashes.add(hash);
  } else {
    for await (const { hash, release } of gallery.photos())
      if (release?.id === which.release) hashes.add(hash);
  }
  for await (const { path, hash } of gallery.photos()) if (hashes.has(hash)) paths.add(path);
  const hash = defaultPhoto === undefined ? null : await hashIfThere(defaultPhoto);
  if (defaultPhoto === undefined || hash === null) return paths;
  const { releases } = await gallery.standing(defaultPhoto);
  const isReleased = "release" in which && releases.some(({ id }) => id === which.release);
  return hashes.has(hash) || isReleased ? paths.add(defaultPhoto) : paths;
}

function hashIfThere(path: string): Promise<string | null> {
  return hashFile(path).catch(() => null);
}

async function changeRuns({ outs, vault = null }: EraseOptions, change: Change) {
  const total = { decisions: 0, creatives: 0, exports: 0 };
  for (const out of outs) {
    const { decisions, creatives, exports } = await changeRun(out, vault, change);
    total.decisions += decisions;
    total.creatives += creatives;
    total.exports += exports;
  }
  return total;
}
