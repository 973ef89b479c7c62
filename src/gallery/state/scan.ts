import { sep } from "node:path";
import type { Database } from "../../io/sqlite/index.ts";
import { canonicalPath, possibleStems, stemOf } from "../labels/names.ts";
import type { PhotoLabels } from "../types.ts";
import { decodeLabels, encodeLabels, NO_LABELS } from "./codec.ts";
import { type Content, readContent } from "./contents.ts";

/** A file of this run, with the gallery's data of its path. */
export interface ScannedPhoto {
  readonly path: string;
  /** Its labels; null if no labels file covers it. */
  readonly labels: PhotoLabels | null;
  readonly known: { readonly fingerprint: string; readonly content: Content } | null;
}

export type Scan = ReturnType<typeof createScan>;

export type LabelOutcome = "labelled" | "labelled so before" | "labelled otherwise before";

const PAGE = 500;

/**
 * The files of this run, in a temporary table: a million paths need little memory, and one query finds the photos that
 * are missing from the folders.
 */
export function createScan(database: Database) {
  database.exec(`
    DROP TABLE IF EXISTS temp.scan;
    CREATE TEMP TABLE scan (path TEXT PRIMARY KEY, labels TEXT, named INTEGER DEFAULT 0, name TEXT, stem TEXT) WITHOUT ROWID;
    CREATE INDEX temp.scan_names ON scan (name);
    CREATE INDEX temp.scan_stems ON scan (stem);
    DROP TABLE IF EXISTS temp.scan_ranges;
    CREATE TEMP TABLE scan_ranges (walked INTEGER, first TEXT, after TEXT);`);
  const add = database.prepare("INSERT OR IGNORE INTO temp.scan (path, name, stem) VALUES (?, ?, ?)");
  const addRange = database.prepare("INSERT INTO temp.scan_ranges VALUES (?, ?, ?)");
  const govern = database.prepare(
    "UPDATE temp.scan SET labels = ? WHERE labels IS NULL AND path >= ? AND path < ?",
  );
  const label = database.prepare(
    "UPDATE temp.scan SET labels = ?, named = 1 WHERE path = ? AND labels IS NOT NULL AND NOT named",
  );
  const find = database.prepare("SELECT labels FROM temp.scan WHERE path = ?");
  const covered = database.prepare("SELECT 1 FROM temp.scan WHERE path = ? AND labels IS NOT NULL");
  const force = database.prepare("UPDATE temp.scan SET labels = ?, named = 1 WHERE path = ?");
  const byName = database.prepare(
    "SELECT path FROM temp.scan WHERE name = ? AND labels IS NOT NULL ORDER BY path",
  );
  const byStem = database.prepare("SELECT path FROM temp.scan WHERE stem = ? AND NOT named ORDER BY path");
  const page = database.prepare(`
    SELECT s.path, s.labels, p.fingerprint, c.*
    FROM temp.scan s LEFT JOIN main.photos p ON p.path = s.path LEFT JOIN main.contents c ON c.id = p.content_id
    WHERE s.path > ? ORDER BY s.path LIMIT ${PAGE}`);
  const gone = `
    NOT EXISTS (SELECT 1 FROM temp.scan s WHERE s.path = p.path)
    AND EXISTS (SELECT 1 FROM temp.scan_ranges r WHERE walked AND p.path >= r.first AND p.path < r.after)
    AND NOT EXISTS (SELECT 1 FROM temp.scan_ranges r WHERE NOT walked AND p.path >= r.first AND p.path < r.after)`;
  const relabelled = database.prepare(`
    SELECT p.path, s.labels FROM temp.scan s JOIN main.photos p ON p.path = s.path
    WHERE s.labels != p.labels AND p.path > ? ORDER BY p.path LIMIT ${PAGE}`);
  const missing = database.prepare(`SELECT path FROM main.photos p WHERE ${gone} LIMIT ${PAGE}`);
  const missingTwin = database.prepare(
    `SELECT path FROM main.photos p WHERE content_id = ? AND ${gone} ORDER BY path LIMIT 1`,
  );

  return {
    add: (paths: readonly string[]) =>
      database.transaction(() =>
        paths.forEach((path) => void add.run(path, canonicalPath(path), stemOf(path))),
      ),

    /** A folder that was read: its photos that are not in the scan are missing. */
    addWalked: (folder: string) => void addRange.run(1, ...rangeBelow(folder)),

    /** A folder that could not be read: its photos are kept. */
    addUnread: (folder: string) => void addRange.run(0, ...rangeBelow(folder)),

    count: (): number => Number(database.prepare("SELECT count(*) AS n FROM temp.scan").get()?.n),

    /** A labels file covers the photos below these folders: photos that it does not list have no labels. */
    govern(folders: readonly string[]): void {
      const { text } = encodeLabels(NO_LABELS);
      for (const folder of folders) govern.run(text, ...rangeBelow(folder));
    },

    /** Whether a photo of this run has this path, and a labels file covers it. */
    has: (path: string): boolean => covered.get(path) !== undefined,

    /** Labels a photo that `has`. */
    label(path: string, labels: PhotoLabels): LabelOutcome {
      const { text } = encodeLabels(labels);
      if (label.run(text, path).changes > 0) return "labelled";
      return find.get(path)?.labels === text ? "labelled so before" : "labelled otherwise before";
    },

    /** Replaces the labels of a photo. */
    relabel: (path: string, labels: PhotoLabels) => void force.run(encodeLabels(labels).text, path),

    /** Paths that differ from this one only in Unicode form, case or separators. */
    likeNamed: (path: string): string[] => byName.all(canonicalPath(path)).map((row) => String(row.path)),

    /** Photos without a row, in any folder, that this path may refer to. */
    maybeMeant: (path: string): string[] =>
      possibleStems(path).flatMap((stem) => byStem.all(stem).map((row) => String(row.path))),

    /** A page, after a path, of the gallery's photos whose labels have changed. */
    relabelled: (after: string): { path: string; labels: PhotoLabels }[] =>
      relabelled
        .all(after)
        .map((row) => ({ path: String(row.path), labels: decodeLabels(String(row.labels)) })),

    *photos(): Generator<ScannedPhoto> {
      for (let last = ""; ; ) {
        const rows = page.all(last);
        if (rows.length === 0) return;
        for (const row of rows) {
          last = String(row.path);
          const labels = row.labels === null ? null : decodeLabels(String(row.labels));
          const known =
            row.fingerprint === null
              ? null
              : { fingerprint: String(row.fingerprint), content: readContent(row) };
          yield { path: last, labels, known };
        }
      }
    },

    /** A page of the gallery's photos that are missing from the walked folders; empty if none is left. */
    missing: (): string[] => missing.all().map((row) => String(row.path)),

    /** A missing photo of that content: its file was moved or renamed. */
    missingTwin(contentId: number): string | null {
      const path = missingTwin.get(contentId)?.path;
      return path === undefined ? null : String(path);
    },

    close: () => database.exec("DROP TABLE IF EXISTS temp.scan; DROP TABLE IF EXISTS temp.scan_ranges"),
  };
}

/** Every path below a folder sorts from the first bound to before the second (byte order). */
function rangeBelow(folder: string): [first: string, after: string] {
  const base = folder.endsWith(sep) ? folder.slice(0, -1) : folder;
  return [base + sep, base + String.fromCharCode(sep.charCodeAt(0) + 1)];
}
