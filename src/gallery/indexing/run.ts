import { LookalikeError, throwIfAborted } from "../../errors.ts";
import type { FaceEngine } from "../../faces/index.ts";
import type { Database } from "../state/database.ts";
import { eraseOrphans } from "../state/erase.ts";
import { createScan, type Scan } from "../state/scan.ts";
import type { Store } from "../state/store.ts";
import type { IndexOptions, IndexReport } from "../types.ts";
import type { IndexFile } from "../vectors/index-file.ts";
import { collectPhotos } from "./collect.ts";
import { enrolAll } from "./enrol-all.ts";

export interface IndexRun {
  readonly database: Database;
  readonly store: Store;
  readonly file: IndexFile;
  readonly engine: FaceEngine;
  readonly options: IndexOptions;
}

/** Brings the state up to date with the files. The caller holds the gallery's lock. */
export async function indexPhotos(
  run: IndexRun,
  paths: readonly string[],
): Promise<Omit<IndexReport, "seconds">> {
  claimEmbedder(run);
  const scan = createScan(run.database);
  try {
    const { labels, unread } = await collectPhotos(paths, scan, run.options);
    applyLabels(run, scan);
    const tally = await enrolAll(run, scan);
    const removed = removeMissing(run, scan);
    await eraseOrphans(run.database, run.store, run.file);
    return {
      photos: {
        seen: scan.count(),
        indexed: tally.indexed,
        unchanged: tally.unchanged,
        removed,
        refused: tally.refusals.length,
      },
      faces: run.store.countFaces(),
      refusals: [...tally.refusals, ...unread].sort((a, b) => (a.photo < b.photo ? -1 : 1)),
      labels,
    };
  } finally {
    scan.close();
  }
}

function claimEmbedder({ store, engine, database }: IndexRun): void {
  const { embedder } = store.state();
  if (embedder?.id === engine.embedder.id && embedder.dimensions === engine.embedder.dimensions) return;
  if (embedder !== null && store.hasFaces()) throw embedderMismatch(embedder.id, engine.embedder.id);
  database.transaction(() => store.setEmbedder(engine.embedder));
}

export function embedderMismatch(held: string, received: string): LookalikeError {
  return new LookalikeError(
    "ERR_GALLERY_EMBEDDER",
    `Expected the embedder ${held} for the gallery but received ${received}`,
    { hint: "Use the embedder that the gallery was made with, or index into a new folder." },
  );
}

/** Photos that are in the gallery already take their new labels without being read. */
function applyLabels({ database, store }: IndexRun, scan: Scan): void {
  for (let last = ""; ; ) {
    const photos = scan.relabelled(last);
    if (photos.length === 0) return;
    last = photos.at(-1)?.path ?? last;
    database.transaction(() => {
      for (const { path, labels } of photos) store.relabel(path, labels);
    });
  }
}

/** @returns how many photos are gone from the walked folders */
function removeMissing({ database, store, options }: IndexRun, scan: Scan): number {
  let removed = 0;
  for (;;) {
    throwIfAborted(options.signal);
    const paths = scan.missing();
    if (paths.length === 0) return removed;
    database.transaction(() => {
      for (const path of paths) store.removePhoto(path);
    });
    removed += paths.length;
  }
}
