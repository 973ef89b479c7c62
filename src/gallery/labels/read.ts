import { access } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { isLookalikeError, LookalikeError } from "../../core/index.ts";
import { type BrokenRecord, readRecords, type TableRecord } from "../../tables/index.ts";
import type { LabelOutcome, Scan } from "../state/scan.ts";
import type { PhotoLabels } from "../types.ts";
import type { LabelsReport } from "../types-index.ts";
import { BLOCKED_LABELS, checkLabelColumns, isRestricted, parseLabels } from "./parse.ts";

/** A labels file and the folders of this run that it covers. */
export interface LabelsFile {
  readonly path: string;
  readonly folders: readonly string[];
}

/** The named file, otherwise `photos.csv` in each folder or in its parent. */
export async function findLabelsFiles(
  folders: readonly string[],
  named: string | null | undefined,
): Promise<readonly LabelsFile[]> {
  if (named === null) return [];
  if (named !== undefined) return [{ path: resolve(named), folders }];
  const foldersOf = new Map<string, string[]>();
  for (const folder of folders) {
    const candidates = [join(folder, "photos.csv"), join(dirname(folder), "photos.csv")];
    for (const path of candidates) {
      if (!(await exists(path))) continue;
      foldersOf.set(path, [...(foldersOf.get(path) ?? []), folder]);
      break;
    }
  }
  return [...foldersOf].map(([path, governed]) => ({ path, folders: governed }));
}

/**
 * Adds the labels of a file to the scan. A bad row is reported and blocks its photo, and so do rows that contradict each
 * other. A row with a limited release whose photo is not found blocks every photo that it may refer to.
 *
 * @throws ERR_LABELS_INVALID
 */
export async function readLabels(file: LabelsFile, scan: Scan): Promise<LabelsReport> {
  scan.govern(file.folders);
  const bases = [dirname(file.path), ...file.folders];
  let applied = 0;
  const refusals: { row: string; error: LookalikeError }[] = [];
  const unresolved: { readonly row: string; readonly photo: string }[] = [];
  for await (const record of readRows(file.path)) {
    const outcome = await noteRow(record, bases, scan);
    const row = `${file.path}:${record.line}`;
    if (outcome === "applied") applied++;
    else if (outcome === "unresolved") unresolved.push({ row, photo: record.fields.photo ?? "" });
    else if (outcome !== "elsewhere") refusals.push({ row, error: outcome });
  }
  // After all rows are read: photos with a row of their own are not blocked.
  for (const { row, photo } of unresolved) refusals.push({ row, error: blockMeant(photo, scan) });
  return { applied, refusals };
}

type LabelRow = TableRecord | BrokenRecord;

async function* readRows(path: string): AsyncGenerator<LabelRow> {
  const checkColumns = (columns: readonly string[]) => checkLabelColumns(path, columns);
  try {
    yield* readRecords(path, { lowerCase: true, checkColumns });
  } catch (error) {
    if (!isLookalikeError(error) || !/^ERR_(?:SOURCE|COLUMN)_/.test(error.code)) throw error;
    throw new LookalikeError("ERR_LABELS_INVALID", error.message, { hint: error.hint, cause: error });
  }
}

/**
 * "elsewhere": the row refers to a photo outside this run. "unresolved": it limits a photo that is not found.
 */
type RowOutcome = "applied" | "elsewhere" | "unresolved" | LookalikeError;

async function noteRow(record: LabelRow, bases: readonly string[], scan: Scan): Promise<RowOutcome> {
  const photo = record.fields.photo ?? "";
  if (photo === "") return badPhoto("Expected a path for photo but received an empty field");
  const labels = tryParse(record);
  const isBad = isLookalikeError(labels);
  const wanted = isBad ? BLOCKED_LABELS : labels;
  const paths = [...new Set(bases.map((base) => resolve(base, photo)))];
  for (const path of paths) {
    const outcome = scan.label(path, wanted);
    if (outcome !== "not scanned") return labelled(outcome, { path, photo, labels, scan });
  }
  for (const base of bases) {
    const found = scan.likeNamed(resolve(base, photo.replaceAll("\\", "/")));
    const [path, ...others] = found;
    if (path === undefined) continue;
    if (others.length > 0) return blockAll(found, `Expected the name of one photo for ${photo}`, scan);
    const outcome = scan.label(path, wanted);
    if (outcome !== "not scanned") return labelled(outcome, { path, photo, labels, scan });
  }
  if (isBad) return "unresolved";
  for (const path of paths) if (await exists(path)) return "elsewhere";
  return isRestricted(labels) ? "unresolved" : noPhoto(photo);
}

interface Labelled {
  readonly path: string;
  readonly photo: string;
  readonly labels: PhotoLabels | LookalikeError;
  readonly scan: Scan;
}

function labelled(outcome: LabelOutcome, { path, photo, labels, scan }: Labelled): RowOutcome {
  if (outcome === "labelled") return isLookalikeError(labels) ? labels : "applied";
  const message = `Expected one row for ${photo} but received another`;
  if (outcome === "labelled so before") return badPhoto(message);
  return blockAll([path], message, scan);
}

/** @returns the row's error, which names the blocked photos */
function blockAll(paths: readonly string[], message: string, scan: Scan): LookalikeError {
  for (const path of paths) scan.relabel(path, BLOCKED_LABELS);
  return badPhoto(`${message}; blocked until then: ${paths.slice(0, 5).join(", ")}`);
}

function blockMeant(photo: string, scan: Scan): LookalikeError {
  const meant = scan.maybeMeant(photo);
  return meant.length === 0 ? noPhoto(photo) : blockAll(meant, noPhoto(photo).message, scan);
}

function noPhoto(photo: string): LookalikeError {
  return badPhoto(
    `Expected a photo file for ${photo} but found none beside the labels file or in the folder`,
  );
}

function tryParse(record: LabelRow): PhotoLabels | LookalikeError {
  if (record.kind === "broken") return badPhoto(record.error.message);
  try {
    return parseLabels(record.fields);
  } catch (error) {
    if (isLookalikeError(error)) return error;
    throw error;
  }
}

function badPhoto(message: string): LookalikeError {
  return new LookalikeError("ERR_LABELS_ROW_INVALID", message, {
    hint: "Write the photo's path relative to the labels file or to the indexed folder, once.",
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
