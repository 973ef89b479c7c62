import { dirname } from "node:path";
import { LookalikeError, throwIfAborted } from "../../core/index.ts";
import { findLabelsFiles, readLabels } from "../labels/read.ts";
import type { Scan } from "../state/scan.ts";
import type { IndexOptions, IndexReport, LabelsReport } from "../types.ts";
import { findRoots, walkPhotos } from "./walk.ts";

/** Paths noted in the scan at a time. */
const BATCH = 500;

export type Refusal = IndexReport["refusals"][number];

/**
 * Notes every photo below the given paths in the scan, with what the labels files say of it. Everything about the
 * request that is wrong shows here, before the gallery is touched.
 *
 * @returns the labels' report, and the folders that could not be read
 * @throws ERR_PHOTO_NOT_FOUND, ERR_FOLDER_EMPTY, ERR_LABELS_INVALID
 */
export async function collectPhotos(
  paths: readonly string[],
  scan: Scan,
  options: IndexOptions,
): Promise<{ readonly labels: LabelsReport; readonly unread: readonly Refusal[] }> {
  const roots = await findRoots(paths);
  scan.add(roots.photos);
  const unread: Refusal[] = [];
  for (const folder of roots.folders) await collectFolder(folder, scan, unread, options.signal);
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
  };
}

async function collectFolder(
  folder: string,
  scan: Scan,
  unread: Refusal[],
  signal: AbortSignal | undefined,
): Promise<void> {
  let found = 0;
  let batch: string[] = [];
  const onUnreadable = (path: string, error: LookalikeError) => {
    if (path === folder) throw error;
    unread.push({ photo: path, error });
    scan.addUnread(path);
  };
  for await (const path of walkPhotos(folder, onUnreadable)) {
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
    throw new LookalikeError("ERR_FOLDER_EMPTY", `Expected photos in ${folder} but found none`, {
      hint: "Check the path, or that the drive is mounted. The gallery was left as it is.",
    });
  }
}
