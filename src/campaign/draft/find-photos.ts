import { dirname, relative, resolve, sep } from "node:path";
import { walkPhotos } from "../../gallery/index.ts";

/** Photos that a campaign could use. */
export interface FoundPhotos {
  /** Folder of the inventory, absolute; null: none was found. */
  readonly folder: string | null;
  /** Number of photos below it. */
  readonly count: number;
  /** The default photo, for customers without a look-alike; null: none was found. */
  readonly fallback: string | null;
}

export interface PhotoSearch {
  /** Folder to search, absolute. */
  readonly root: string;
  /** Folder of the inventory, if known; absolute. */
  readonly inventory?: string | undefined;
  /** Folders of customers' portraits, absolute; they are never used as inventory. */
  readonly portraits: ReadonlySet<string>;
}

/** Folders of earlier commands' output, and others without photos for a campaign. */
const NO_INVENTORY =
  /(?:^|[\\/])(?:node_modules|creatives|gallery|privacy|exports|dist|brand|logos?)(?:[\\/]|$)/i;
const FALLBACK = /default|fallback/i;
/** A folder with more pictures is not read to its end. */
const MOST = 100_000;

/**
 * Finds the folder with the most photos, and a photo whose name contains "default". If there is none, the
 * first photo of the inventory is used.
 */
export async function findCampaignPhotos({ root, inventory, portraits }: PhotoSearch): Promise<FoundPhotos> {
  const counts = new Map<string, number>();
  const listener = { onUnreadable() {}, onSkipped() {} };
  let fallback: string | null = null;
  let first: string | null = null;
  let seen = 0;
  for await (const path of walkPhotos(root, listener)) {
    if (++seen > MOST) break;
    const folder = dirname(path);
    if (portraits.has(folder)) continue;
    const below = relative(root, path);
    if (FALLBACK.test(below)) fallback ??= path;
    else if (!NO_INVENTORY.test(below)) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const most = [...counts].toSorted(([a, x], [b, y]) => y - x || a.length - b.length);
  const folder = inventory === undefined ? (most[0]?.[0] ?? null) : resolve(inventory);
  if (folder === null) return { folder, count: 0, fallback };
  let count = 0;
  for await (const path of walkPhotos(folder, listener)) {
    if (path === fallback) continue;
    first ??= path;
    if (++count >= MOST) break;
  }
  return { folder, count, fallback: fallback ?? first };
}

/** The folders of the portraits in a customers' file, relative to the file. */
export function portraitFolders(file: string, portraits: readonly string[]): ReadonlySet<string> {
  return new Set(portraits.map((portrait) => dirname(resolve(dirname(file), portrait))));
}

/** A path relative to a folder, with slashes, so that it is valid on every system. */
export function pathFrom(folder: string, path: string): string {
  const found = relative(folder, path).split(sep).join("/");
  return found === "" ? "." : found;
}
