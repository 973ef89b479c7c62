import { access } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { isLookalikeError, LookalikeError } from "../../core/index.ts";
import type { Scan } from "../state/scan.ts";
import type { LabelsReport, PhotoLabels } from "../types.ts";
import { type CsvRecord, readCsv } from "./csv.ts";
import { BLOCKED_LABELS, checkLabelColumns, parseLabels } from "./parse.ts";

/** A labels file and the folders of this run that it speaks for. */
export interface LabelsFile {
  readonly path: string;
  readonly folders: readonly string[];
}

/** The file that was named, else `photos.csv` in each folder or, where there is none, in the folder above it. */
export async function findLabelsFiles(
  folders: readonly string[],
  named: string | undefined,
): Promise<readonly LabelsFile[]> {
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
 * Notes in the scan what a labels file says. A bad row is reported, and blocks its photo where the row names one.
 * @throws ERR_LABELS_INVALID
 */
export async function readLabels(file: LabelsFile, scan: Scan): Promise<LabelsReport> {
  scan.govern(file.folders);
  let applied = 0;
  const refusals: { row: string; error: LookalikeError }[] = [];
  for await (const record of readCsv(file.path, (columns) => checkLabelColumns(file.path, columns))) {
    const outcome = await noteRow(record, [dirname(file.path), ...file.folders], scan);
    if (outcome === "applied") applied++;
    else if (outcome !== "elsewhere") refusals.push({ row: `${file.path}:${record.line}`, error: outcome });
  }
  return { applied, refusals };
}

/** A row may speak of a photo that this run was not asked to index: then it is "elsewhere". */
type RowOutcome = "applied" | "elsewhere" | LookalikeError;

async function noteRow(record: CsvRecord, bases: readonly string[], scan: Scan): Promise<RowOutcome> {
  const photo = record.fields.photo ?? "";
  if (photo === "") return badPhoto("Expected a path for photo but received an empty field");
  const labels = tryParse(record);
  const isBad = isLookalikeError(labels);
  const paths = [...new Set(bases.map((base) => resolve(base, photo)))];
  for (const path of paths) {
    const outcome = scan.label(path, isBad ? BLOCKED_LABELS : labels);
    if (outcome === "labelled before") return badPhoto(`Expected one row for ${photo} but received another`);
    if (outcome === "labelled") return isBad ? labels : "applied";
  }
  if (isBad) return labels;
  for (const path of paths) if (await exists(path)) return "elsewhere";
  return badPhoto(
    `Expected a photo file for ${photo} but found none beside the labels file or in the folder`,
  );
}

function tryParse(record: CsvRecord): PhotoLabels | LookalikeError {
  try {
    return parseLabels(record);
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
