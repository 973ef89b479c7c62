import { dirname } from "node:path";
import { LookalikeError, throwIfAborted } from "../../core/index.ts";
import { findLabelsFiles, readLabels } from "../labels/read.ts";
import type { Scan } from "../state/scan.ts";
import type { IndexOptions, IndexReport, LabelsReport } from "../types-index.ts";
import { findRoots, type WalkListener, walkPhotos } from "./walk.ts";

/** Paths added to the scan at a time. */
const BATCH = 500;

export type Refusal = IndexReport["refusals"][number];

export interface Collected {
  readonly labels: LabelsReport;
  /** Folders that could not be read. */
  readonly unread: readonly Refusal[];
  /** Number of pictures that are not indexed, by kind: an extension, or "link" for a link to a folder outside. */
  readonly skipped: ReadonlyMap<string, number>;
}

/**
 * Adds every photo below the given paths to the scan, with its labels. All errors of the request are thrown here, before
 * the gallery is changed.
 *
 * @throws ERR_PHOTO_NOT_FOUND, ERR_FOLDER_EMPTY, ERR_LABELS_INVALID
 */
export async function collectPhotos(
  paths: readonly string[],
  scan: Scan,
  options: IndexOptions,
): Promise<Collected> {
  const roots = await findRoots(paths);
  scan.add(roots.photos);
  const unread: Refusal[] = [];
  const skipped = new Map<string, number>();
  for (const folder of roots.folders) await collectFolder(folder, scan, { unread, skipped }, options.signal);
  const folders = [...new Set([...roots.folders, ...roots.photos.map((path) => dirname(path))])];
  const reports: LabelsReport[] = [];
  for (const file of await findLabelsFiles(folders, options.labels))
    reports.push(await readLabels(file, scan));
  return {
    labels: {
      applied: reports.reduce((sum, report) => sum + report.applied, 0),
      refusals: reports.flatMap((report) => report.refusals),
    },
    unread,
    skipped,
  };
}

async function collectFolder(
  folder: string,
  scan: Scan,
  { unread, skipped }: { readonly unread: Refusal[]; readonly skipped: Map<string, number> },
  signal: AbortSignal | undefined,
): Promise<void> {
  let found = 0;
  let batch: string[] = [];
  const listener: WalkListener = {
    onUnreadable(path, error) {
      if (path === folder) throw error;
      unread.push({ photo: path, error });
      scan.addUnread(path);
    },
    onSkipped: (kind) => void skipped.set(kind, (skipped.get(kind) ?? 0) + 1),
  };
  for await (const path of walkPhotos(folder, listener)) {
    found++;
    batch.push(path);
    if (batch.length < BATCH) continue;
    throwIfAborted(signal);
    scan.add(batch);
    batch = [];
  }
  scan.add(batch);
  scan.addWalked(folder);
  if (found === 0) {
    throw new LookalikeError(
      "ERR_FOLDER_EMPTY",
      `Expected photos in ${folder} but found none${describeSkipped(skipped)}`,
      {
        hint: "Check the path, and that the drive is mounted. The gallery is unchanged.",
      },
    );
  }
}

function describeSkipped(skipped: ReadonlyMap<string, number>): string {
  const kinds = [...skipped].map(([kind, count]) => `${count} ${kind}`);
  return kinds.length === 0 ? "" : ` that can be read, but ${kinds.join(", ")}`;
}
