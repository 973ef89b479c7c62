import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { LookalikeError } from "../../core/index.ts";
import { csvLine } from "../../handover/index.ts";
import { hashBytes, writeFileAtomic } from "../../io/files.ts";
import { readRecords } from "../../tables/index.ts";

/** A photo's focal point as fractions of its size; null: the faces decide. */
export type Focus = readonly [x: number, y: number] | null;

export interface PhotoEdit {
  readonly focus: Focus;
  /** A point of the leading face; null: any face may lead. Default: unchanged. */
  readonly lead?: Focus | undefined;
}

/** The labels file of a photo: `photos.csv` in an inventory folder, or in its parent. */
export function labelsFileOf(photo: string, inventory: readonly string[]): string {
  const folder = inventory.find((path) => !relative(path, photo).startsWith("..")) ?? dirname(photo);
  const [inside, above] = [join(folder, "photos.csv"), join(dirname(folder), "photos.csv")];
  return existsSync(inside) || !existsSync(above) ? inside : above;
}

/** A hash of the file's content; `none`: there is no file. */
export async function tagOf(path: string): Promise<string> {
  return existsSync(path) ? hashBytes(await readFile(path)).slice(0, 16) : "none";
}

/**
 * Sets a photo's focal point and leading face in its labels file. All other cells stay unchanged.
 *
 * @param edit.tag tag of the file that the reviewer loaded
 * @returns the new tag
 * @throws ERR_REVIEW_CONFLICT the file was changed since then
 * @throws ERR_ROW_MALFORMED a row cannot be read, ERR_OUTPUT_UNWRITABLE
 */
export async function writeFocus(
  path: string,
  photo: string,
  { focus, lead, tag }: PhotoEdit & { readonly tag: string },
): Promise<string> {
  if ((await tagOf(path)) !== tag) {
    throw new LookalikeError(
      "ERR_REVIEW_CONFLICT",
      `Expected ${basename(path)} as you opened it but it was changed since`,
      {
        hint: "Reload the photo, then set its focal point.",
      },
    );
  }
  const added = ["focus_x", "focus_y", ...(lead === undefined ? [] : ["lead_x", "lead_y"])];
  let columns: string[] = ["photo", ...added];
  const rows: Record<string, string>[] = [];
  if (existsSync(path)) {
    const checkColumns = (names: readonly string[]) => {
      columns = [...new Set([...names, ...added])];
    };
    for await (const record of readRecords(path, { lowerCase: true, checkColumns })) {
      // The whole file is rewritten: an unreadable row would be lost.
      if (record.kind === "broken") throw record.error;
      rows.push({ ...record.fields });
    }
  }
  const folder = dirname(path);
  const isOurs = ({ photo: name = "" }: Record<string, string>) =>
    resolve(folder, name) === photo || photo.endsWith(`/${name}`);
  const row = rows.find(isOurs) ?? { photo: relative(folder, photo) };
  if (!rows.includes(row)) rows.push(row);
  [row.focus_x, row.focus_y] = written(focus);
  if (lead !== undefined) [row.lead_x, row.lead_y] = written(lead);
  const lines = rows.map((each) => csvLine(columns.map((name) => each[name] ?? "")));
  await writeFileAtomic(path, csvLine(columns) + lines.join(""));
  return tagOf(path);
}

function written(point: Focus): readonly [string, string] {
  if (point === null) return ["", ""];
  const [x, y] = point;
  return [String(Math.round(x * 1000) / 1000), String(Math.round(y * 1000) / 1000)];
}
