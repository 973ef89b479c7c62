import {
  expected,
  expectedTerritory,
  LookalikeError,
  parseTerritory as parseCode,
} from "../../core/index.ts";
import { parseDate } from "../../tables/index.ts";
import type { PhotoLabels, PhotoRelease } from "../types.ts";

const LABEL_COLUMNS = [
  "photo",
  "tags",
  "release_id",
  "release_expires",
  "release_withdrawn",
  "territories",
  "media",
  "focus_x",
  "focus_y",
  "lead_x",
  "lead_y",
  "synthetic",
  "credit",
] as const;

/** @throws ERR_LABELS_INVALID a column is missing, unknown or duplicate */
export function checkLabelColumns(path: string, columns: readonly string[]): void {
  const known: readonly string[] = LABEL_COLUMNS;
  const wrong = columns.find((name, i) => !known.includes(name) || columns.indexOf(name) !== i);
  if (wrong === undefined && columns.includes("photo")) return;
  throw new LookalikeError(
    "ERR_LABELS_INVALID",
    wrong === undefined
      ? `Expected a column "photo" for ${path} but received ${columns.length === 0 ? "an empty file" : columns.join(", ")}`
      : expected("each of the known columns once", path, wrong),
    { hint: `The columns are ${LABEL_COLUMNS.join(", ")}; only "photo" is required.` },
  );
}

/**
 * One row of `photos.csv`. Defaults of empty fields: no tags, no release, all territories and media, no focus point, any
 * face may lead, not synthetic, the file's own credit.
 *
 * @throws ERR_LABELS_ROW_INVALID
 */
export function parseLabels(fields: Readonly<Record<string, string>>): PhotoLabels {
  const credit = parseCredit(fields.credit ?? "");
  const lead = parsePoint(fields, "lead_x", "lead_y");
  return {
    tags: splitList(fields.tags, /[;|]/),
    release: parseRelease(fields),
    focus: parsePoint(fields, "focus_x", "focus_y"),
    ...(lead === null ? {} : { lead }),
    synthetic: parseFlag(fields.synthetic ?? ""),
    ...(credit === null ? {} : { credit }),
  };
}

/**
 * The labels of a photo whose row is invalid, or whose rows contradict each other: a withdrawn release. A typing error
 * must not release a photo that the model has withdrawn.
 */
export const BLOCKED_LABELS: PhotoLabels = {
  tags: [],
  release: { id: "unreadable row", expires: new Date(0), territories: [], withdrawn: new Date(0) },
  focus: null,
  synthetic: false,
};

/** Whether the release limits where or when the photo may be shown. */
export function isRestricted({ release }: PhotoLabels): boolean {
  if (release === null) return false;
  const { expires, withdrawn = null, territories, media = [] } = release;
  return expires !== null || withdrawn !== null || territories.length + media.length > 0;
}

function parseRelease(fields: Readonly<Record<string, string>>): PhotoRelease | null {
  const id = fields.release_id ?? "";
  const expires = parseExpiry("release_expires", fields.release_expires ?? "");
  const territories = splitList(fields.territories, /[;|,\s]/).map(parseTerritory);
  const withdrawn = parseExpiry("release_withdrawn", fields.release_withdrawn ?? "");
  const media = splitList(fields.media, /[;|,\s]/).map(parseMedium);
  const isNone = id === "" && expires === null && territories.length === 0;
  if (isNone && withdrawn === null && media.length === 0) return null;
  return {
    id,
    expires,
    territories,
    ...(withdrawn === null ? {} : { withdrawn }),
    ...(media.length === 0 ? {} : { media }),
  };
}

function parseMedium(text: string): string {
  const medium = text.toLowerCase();
  if (/^[a-z][a-z0-9_-]{0,39}$/.test(medium)) return medium;
  throw badRow(expected("media such as online or print", "media", text));
}

/** A plain date is the last valid day of the release (UTC). */
function parseExpiry(name: string, text: string): Date | null {
  if (text === "") return null;
  try {
    return parseDate(text, name, "end");
  } catch {
    throw badRow(expected("a date such as 2027-12-31", name, text));
  }
}

function parseTerritory(text: string): string {
  const code = parseCode(text);
  if (code !== null) return code;
  throw badRow(expected(expectedTerritory(text), "territories", text));
}

function parsePoint(
  fields: Readonly<Record<string, string>>,
  ...names: readonly [x: string, y: string]
): readonly [x: number, y: number] | null {
  const [x, y] = [fields[names[0]] ?? "", fields[names[1]] ?? ""];
  if (x === "" && y === "") return null;
  const fraction = (name: string, text: string): number => {
    const value = text === "" ? Number.NaN : Number(text.replace(",", "."));
    if (value >= 0 && value <= 1) return value;
    throw badRow(expected(`a fraction in [0, 1] (${names.join(" and ")} go together)`, name, text));
  };
  return [fraction(names[0], x), fraction(names[1], y)];
}

/** Names of people and agencies are shorter; a longer text belongs to another column. */
const LONGEST_CREDIT = 200;

function parseCredit(text: string): string | null {
  if (text.length > LONGEST_CREDIT || /\p{Cc}/u.test(text)) {
    throw badRow(expected(`one line of at most ${LONGEST_CREDIT} characters`, "credit", text));
  }
  return text === "" ? null : text;
}

function parseFlag(text: string): boolean {
  if (/^(true|yes|1)$/i.test(text)) return true;
  if (/^(false|no|0|)$/i.test(text)) return false;
  throw badRow(expected("true or false", "synthetic", text));
}

function splitList(text: string | undefined, separator: RegExp): string[] {
  const parts = (text ?? "").split(separator).map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== ""))];
}

function badRow(message: string): LookalikeError {
  return new LookalikeError("ERR_LABELS_ROW_INVALID", message, {
    hint: "Correct the row and index again; until then the photo is not matched.",
  });
}
