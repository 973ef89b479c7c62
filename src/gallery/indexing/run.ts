import { throwIfAborted } from "../../core/index.ts";
import { eraseOrphans } from "../state/erase.ts";
import { createScan, type Scan } from "../state/scan.ts";
import { TILTED_DEGREES } from "../tilt.ts";
import type { IndexReport } from "../types-index.ts";
import { collectPhotos } from "./collect.ts";
import { markCopies } from "./copies.ts";
import { embedderMismatch } from "./embedder.ts";
import { enrolAll } from "./enrol-all.ts";
import type { IndexRun } from "./types.ts";

/** Updates the state from the files. The caller has the gallery's lock. */
export async function indexPhotos(
  run: IndexRun,
  paths: readonly string[],
): Promise<Omit<IndexReport, "seconds">> {
  claimEmbedder(run);
  const before = run.store.state().changes;
  const scan = createScan(run.database);
  try {
    const { labels, unread, skipped } = await collectPhotos(paths, scan, run.options);
    applyLabels(run, scan);
    const tally = await enrolAll(run, scan);
    const removed = removeMissing(run, scan);
    await eraseOrphans(run.database, run.store, run.file);
    const copies = await markCopies(run, before);
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
      skipped: Object.fromEntries(skipped),
      labels,
      copies,
      tilted: run.store.tilted(TILTED_DEGREES),
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

/** Sets the new labels of photos that are already in the gallery, without reading them. */
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

/** @returns the number of photos that are missing from the walked folders */
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
