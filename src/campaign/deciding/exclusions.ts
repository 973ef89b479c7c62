import { existsSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { LookalikeError } from "../../core/index.ts";
import type { Gallery } from "../../gallery/index.ts";
import { csvLine } from "../../handover/index.ts";
import { writeFileAtomic } from "../../io/files.ts";
import { readRecords } from "../../tables/index.ts";

/**
 * A photo that reviewers excluded for all offers or for one: a row of `exclusions.csv`, next to the campaign
 * file.
 */

export interface Exclusion {
  /** Absolute path. */
  readonly photo: string;
  /** null: excluded for all offers. */
  readonly offer: string | null;
  readonly reason: string;
}

const COLUMNS = ["photo", "offer", "reason"] as const;

/**
 * The file's rows, in order; empty if there is no file.
 *
 * @throws ERR_LABELS_INVALID the file has no column `photo`, ERR_CAMPAIGN_INVALID a row names no photo,
 * ERR_ROW_MALFORMED, ERR_SOURCE_UNREADABLE, ERR_SOURCE_EMPTY
 */
export async function readExclusions(path: string): Promise<readonly Exclusion[]> {
  if (!existsSync(path)) return [];
  const exclusions: Exclusion[] = [];
  const checkColumns = (columns: readonly string[]) => requirePhotoColumn(path, columns);
  for await (const record of readRecords(path, { lowerCase: true, checkColumns })) {
    // An unreadable row may exclude any photo.
    if (record.kind === "broken") throw record.error;
    const { photo = "", offer = "", reason = "" } = record.fields;
    if (photo === "") throw emptyPhoto(path, record.line);
    // A Windows path, if no file of that name exists.
    const given = resolve(dirname(path), photo);
    const file = existsSync(given) ? given : resolve(dirname(path), photo.replaceAll("\\", "/"));
    exclusions.push({ photo: file, offer: offer === "" ? null : offer, reason });
  }
  return exclusions;
}

/**
 * Rewrites the file, with photo paths relative to its folder.
 *
 * @throws ERR_OUTPUT_UNWRITABLE
 */
export async function writeExclusions(path: string, exclusions: readonly Exclusion[]): Promise<void> {
  const rows = exclusions.map(({ photo, offer, reason }) =>
    csvLine([relative(dirname(path), photo), offer ?? "", reason]),
  );
  await writeFileAtomic(path, csvLine(COLUMNS) + rows.join(""));
}

/** Returns the photos that may not be used for an offer. */
export type ExcludedPhotos = (offerId: string) => ReadonlySet<string>;

/** @param gallery gives the spelling of paths: case, Unicode form and separators in the file may differ */
export async function openExclusions(
  path: string,
  gallery: Pick<Gallery, "spelling">,
): Promise<ExcludedPhotos> {
  const exclusions: Exclusion[] = [];
  for (const each of await readExclusions(path))
    exclusions.push({ ...each, photo: await gallery.spelling(each.photo) });
  const all = exclusions.filter(({ offer }) => offer === null).map(({ photo }) => photo);
  const byOffer = new Map<string, Set<string>>();
  for (const { photo, offer } of exclusions) {
    if (offer === null) continue;
    byOffer.set(offer, (byOffer.get(offer) ?? new Set(all)).add(photo));
  }
  const everywhere = new Set(all);
  return (offerId) => byOffer.get(offerId) ?? everywhere;
}

function requirePhotoColumn(path: string, columns: readonly string[]): void {
  if (columns.includes("photo")) return;
  throw new LookalikeError(
    "ERR_LABELS_INVALID",
    `Expected a column photo in ${path} but found ${columns.join(", ")}`,
    {
      hint: "The columns are photo, offer and reason; an empty offer means all offers.",
    },
  );
}

function emptyPhoto(path: string, line: number): LookalikeError {
  return new LookalikeError("ERR_CAMPAIGN_INVALID", `Expected a path for photo in line ${line} of ${path}`, {
    hint: "Name the photo, or delete the line.",
  });
}
