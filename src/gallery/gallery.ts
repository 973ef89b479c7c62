import { existsSync } from "node:fs";
import { copyFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { invalidOption, LookalikeError, throwIfAborted } from "../core/index.ts";
import type { ResemblanceMetric } from "../faces/index.ts";
import { makeFolder, PRIVATE } from "../io/files.ts";
import { hashPicture } from "../io/image/index.ts";
import type { Database } from "../io/sqlite/index.ts";
import { compact, emptyLog, type StoreUse, useStore } from "../io/sqlite/index.ts";
import type { Vault } from "../trust/index.ts";
import { absorbGallery } from "./absorb.ts";
import { hashPhoto } from "./indexing/fingerprint.ts";
import { indexPhotos } from "./indexing/run.ts";
import { checkOptions } from "./matching/match.ts";
import { createProbing } from "./matching/probing.ts";
import { HNSW_FROM_FACES } from "./matching/searcher.ts";
import { corrupt, NAMES, openDatabase } from "./state/database.ts";
import { eraseOrphans } from "./state/erase.ts";
import { lockGallery } from "./state/lock.ts";
import { createPhotos } from "./state/photos.ts";
import { prepareSchema } from "./state/schema.ts";
import { createStore } from "./state/store.ts";
import type { Gallery, GalleryOptions } from "./types-gallery.ts";
import type { Probe } from "./types-match.ts";
import { createIndexFile, graphNames } from "./vectors/index-file.ts";
import { SEGMENT_FACES } from "./vectors/segments.ts";
import { templateOf } from "./vectors/template.ts";

/**
 * Opens the gallery in a folder, which is created if it is missing: `gallery.db` contains the state, and `faces.hnsw`
 * or `resemblance.hnsw` a search graph of large galleries. Close it when done.
 *
 * @throws ERR_OPTION_INVALID, ERR_GALLERY_NOT_FOUND, ERR_GALLERY_VERSION, ERR_GALLERY_CORRUPT, ERR_OUTPUT_UNWRITABLE
 *
 * @example
 * const gallery = await openGallery("inventory/gallery");
 * await gallery.index(["inventory/photos"], engine);
 * const [nearest] = await gallery.match(face, { top: 1 });
 */
export async function openGallery(folder: string, options: GalleryOptions = {}): Promise<Gallery> {
  const { mustExist = false, hnswFromFaces = HNSW_FROM_FACES, segmentFaces = SEGMENT_FACES } = options;
  if (!(segmentFaces >= 1)) {
    throw invalidOption("1 or more", "segmentFaces", segmentFaces);
  }
  if (!(hnswFromFaces >= 1)) {
    throw invalidOption("1 or more", "hnswFromFaces", hnswFromFaces);
  }
  const home = resolve(folder);
  const { vault = null, metric = null } = options;
  const path = join(home, "gallery.db");
  if (mustExist) await requireGallery(path);
  await makeFolder(home, PRIVATE);
  const use = useStore(path, NAMES);
  let database: Database | null = null;
  try {
    database = openDatabase(path, { key: vault?.databaseKey, canOnlyRead: mustExist });
    prepareSchema(database, path);
    // Temporary tables name photos: under a key they stay in memory.
    if (vault !== null) database.pragma("temp_store = MEMORY");
    return createGallery(home, database, { vault, metric, hnswFromFaces, segmentFaces, use });
  } catch (error) {
    database?.close();
    use.end();
    throw error;
  }
}

interface GallerySettings {
  readonly vault: Vault | null;
  readonly metric: ResemblanceMetric | null;
  readonly hnswFromFaces: number;
  readonly segmentFaces: number;
  readonly use: StoreUse;
}

function createGallery(
  folder: string,
  database: Database,
  { vault, metric, hnswFromFaces, segmentFaces, use }: GallerySettings,
): Gallery {
  const template = templateOf(vault);
  const store = createStore(database, template);
  const photos = createPhotos(database);
  const fileOf = (kind: "distance" | "resemblance", segment: number) =>
    createIndexFile(folder, vault, kind === "distance" ? "faces" : "resemblance", segment);
  const file = fileOf("distance", 0);
  const probing = createProbing({
    database,
    store,
    photos,
    template,
    metric,
    folder,
    fileOf,
    hnswFromFaces,
    segmentFaces,
  });
  let isOpen = true;

  const requireOpen = (): void => {
    if (isOpen) return;
    throw new LookalikeError("ERR_GALLERY_CLOSED", "Expected an open gallery but it was closed", {
      hint: "Open it again with openGallery().",
    });
  };
  const asWriter = async <T>(work: () => Promise<T>): Promise<T> => {
    requireOpen();
    const lock = lockGallery(folder);
    try {
      return await work();
    } finally {
      lock.release();
    }
  };

  return {
    folder,
    get embedderId() {
      requireOpen();
      return store.hasFaces() ? (store.state().embedder?.id ?? null) : null;
    },
    async index(paths, engine, options = {}) {
      const startedAt = performance.now();
      throwIfAborted(options.signal);
      checkPaths(paths);
      const report = await asWriter(() => indexPhotos({ database, store, file, engine, options }, paths));
      await probing.prepare();
      return { ...report, seconds: (performance.now() - startedAt) / 1000 };
    },
    async match(probe, options = {}) {
      requireOpen();
      checkOptions(options);
      return probing.match(toProbe(probe), options, requireOpen);
    },
    async quantiles(probe, shares, options = {}) {
      requireOpen();
      checkOptions(options);
      return probing.quantiles(toProbe(probe), shares, options);
    },
    async search() {
      requireOpen();
      return probing.prepare();
    },
    async photo(path) {
      requireOpen();
      return photos.find(resolve(path));
    },
    async spelling(path) {
      requireOpen();
      const requested = resolve(path);
      return existsSync(requested) ? requested : photos.spelling(requested);
    },
    async features(hash) {
      requireOpen();
      return store.featuresOf(hash);
    },
    async standing(path) {
      requireOpen();
      const known = resolve(path);
      const hash = await hashPhoto(known);
      const picture = await hashPicture(known).catch(() => null);
      requireOpen();
      return { isErased: store.isErased(hash), releases: photos.releasesOf(known, hash, picture) };
    },
    async *photos() {
      for (let last = ""; ; ) {
        requireOpen();
        const page = photos.after(last);
        if (page.length === 0) return;
        yield* page;
        last = page.at(-1)?.path ?? last;
      }
    },
    remove: (path) =>
      asWriter(async () => {
        const removed = database.transaction(() => store.removePhoto(resolve(path)));
        await eraseOrphans(database, store, file);
        return removed;
      }),
    erase: (which, { before = async () => {} } = {}) =>
      asWriter(async () => {
        await before();
        const target = "photo" in which ? { photo: resolve(which.photo) } : which;
        const hashes = store.hashesOf(target);
        // A photo that is not in the gallery is blocked too.
        const isThere = hashes.length === 0 && "photo" in target && existsSync(target.photo);
        if (isThere) hashes.push(await hashPhoto(target.photo));
        const erased = database.transaction(() => hashes.flatMap((hash) => store.erase(hash)).toSorted());
        await eraseOrphans(database, store, file);
        compact(database, join(folder, "gallery.db"), NAMES);
        return erased;
      }),
    absorb: (other) => asWriter(async () => absorbGallery({ database, store }, resolve(other), vault)),
    copyTo: (target) =>
      asWriter(async () => {
        // Moves everything that is committed into the file; the lock keeps other writers out.
        emptyLog(database, join(folder, "gallery.db"), NAMES);
        await makeFolder(target, PRIVATE);
        const present = ["gallery.db", ...(await graphNames(folder))];
        for (const name of present) await copyFile(join(folder, name), join(target, name));
        return present;
      }),
    async close() {
      if (isOpen) {
        database.close();
        use.end();
      }
      isOpen = false;
    },
  };
}

function toProbe(probe: Float32Array | Probe): Probe {
  return probe instanceof Float32Array ? { embedding: probe } : probe;
}

function checkPaths(paths: readonly string[]): void {
  if (paths.length > 0 && paths.every((path) => typeof path === "string" && path !== "")) return;
  throw invalidOption("at least one folder or photo", "paths", paths, "Name the folders or photos to index.");
}

async function requireGallery(path: string): Promise<void> {
  const entry = await stat(path).catch(() => null);
  if (entry?.isFile() && entry.size > 0) return;
  if (entry?.isFile()) throw corrupt(path, new Error("the file is empty"));
  throw new LookalikeError("ERR_GALLERY_NOT_FOUND", `Expected a gallery but there is no ${path}`, {
    hint: "Run `lookalike index <folder> --gallery <dir>` first, or check the path.",
  });
}
