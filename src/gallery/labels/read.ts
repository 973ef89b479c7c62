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
 * @throws ERR_LABELS_INVALID; also if the name in such a row lost letters, so that it may refer to any photo
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
  for (const { row, photo } of unresolved) {
    const meant = scan.maybeMeant(photo);
    if (meant.length === 0 && LOST_LETTERS.test(photo)) throw lostLetters(row, photo);
    const error = meant.length === 0 ? noPhoto(photo) : blockAll(meant, noPhoto(photo).message, scan);
    refusals.push({ row, error });
  }
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
  const [path, ...others] = findPhotos(photo, bases, scan);
  if (path !== undefined) {
    if (others.length > 0)
      return blockAll([path, ...others], `Expected the name of one photo for ${photo}`, scan);
    return labelled(scan.label(path, wanted), { path, photo, labels, scan });
  }
  if (isBad) return "unresolved";
  for (const base of bases) if (await exists(resolve(base, photo))) return "elsewhere";
  return isRestricted(labels) ? "unresolved" : noPhoto(photo);
}

/**
 * The photos of this run that a row refers to: the path beside the labels file, otherwise in each of the folders,
 * otherwise the same with other spellings. Several if the row does not tell which.
 */
function findPhotos(photo: string, bases: readonly string[], scan: Scan): readonly string[] {
  const [own = "", ...folders] = bases;
  const exact = (base: string) => [resolve(base, photo)].filter(scan.has);
  const alike = (base: string) => scan.likeNamed(resolve(base, photo.replaceAll("\\", "/")));
  for (const find of [exact, alike]) {
    for (const places of [[own], folders]) {
      const found = new Set(places.flatMap(find));
      if (found.size > 0) return [...found];
    }
  }
  return [];
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

/** What programs write for letters that they cannot: any photo may be meant. */
const LOST_LETTERS = /[?\ufffd]/;

function lostLetters(row: string, photo: string): LookalikeError {
  return new LookalikeError(
    "ERR_LABELS_INVALID",
    `Expected a photo's name in UTF-8 for ${row} but received ${photo}, which limits a photo and lost letters`,
    { hint: "Export the file as CSV in UTF-8 (in Excel: CSV UTF-8), or write the photo's name anew." },
  );
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
