import { LookalikeError } from "../../core/index.ts";
import type { Database } from "../../io/sqlite/index.ts";
import { corrupt } from "./database.ts";

/** 'LOOK' in ASCII: distinguishes a gallery from other SQLite files. */
const APPLICATION_ID = 0x4c4f4f4b;

/**
 * `contents` are distinct files by SHA-256, with the outcome of reading them; `photos` are their paths. A move therefore
 * changes one path, a copy shares the faces, and a broken file is not read again. `labels` is the row of photos.csv as
 * JSON; fields used by filters have their own columns too. AUTOINCREMENT: the search index refers to faces by id, so ids
 * are not reused.
 */
const VERSION_1 = `
CREATE TABLE state (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  embedder TEXT,
  dimensions INTEGER,
  faces_generation INTEGER NOT NULL,
  changes INTEGER NOT NULL
) STRICT;
INSERT INTO state VALUES (1, NULL, NULL, 0, 0);

CREATE TABLE contents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  hash TEXT NOT NULL UNIQUE,
  width INTEGER,
  height INTEGER,
  refusal_code TEXT,
  refusal_message TEXT,
  refusal_hint TEXT,
  refused_by TEXT,
  CHECK ((refusal_code IS NULL) = (width IS NOT NULL))
) STRICT;

CREATE TABLE photos (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL UNIQUE,
  content_id INTEGER NOT NULL REFERENCES contents (id),
  fingerprint TEXT NOT NULL,
  labels TEXT NOT NULL,
  release_expires INTEGER,
  territories TEXT NOT NULL
) STRICT;
CREATE INDEX photos_by_content ON photos (content_id);

CREATE TABLE photo_tags (
  photo_id INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
  tag TEXT NOT NULL,
  PRIMARY KEY (tag, photo_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX photo_tags_by_photo ON photo_tags (photo_id);

CREATE TABLE faces (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  content_id INTEGER NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  details TEXT NOT NULL,
  landmarks BLOB NOT NULL,
  embedding BLOB NOT NULL,
  UNIQUE (content_id, position)
) STRICT;
`;

/**
 * Data for erasure and releases. `erased` contains keyed hashes of contents that must not be added again. The key is
 * stored in the gallery (`pepper`), so that the hashes stay valid when the file's key changes.
 */
const VERSION_2 = `
ALTER TABLE photos ADD COLUMN release_id TEXT;
ALTER TABLE photos ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE photos ADD COLUMN media TEXT NOT NULL DEFAULT '';
UPDATE photos SET release_id = nullif(json_extract(labels, '$.release.id'), '');
CREATE INDEX photos_by_release ON photos (release_id) WHERE release_id IS NOT NULL;
CREATE INDEX photos_withdrawn ON photos (id) WHERE withdrawn = 1;
CREATE TABLE erased (hash TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
ALTER TABLE state ADD COLUMN pepper BLOB NOT NULL DEFAULT x'';
UPDATE state SET pepper = randomblob(32);
`;

/**
 * Attributes of faces, in columns for filters. `contents.attributes` is the version of the estimators. If it is null, as in
 * older galleries, the next run of an engine with attributes describes the photo again.
 */
const VERSION_3 = `
ALTER TABLE contents ADD COLUMN attributes TEXT;
ALTER TABLE faces ADD COLUMN age REAL;
ALTER TABLE faces ADD COLUMN smiling REAL;
ALTER TABLE faces ADD COLUMN hair TEXT;
`;

/**
 * Features for resemblance. `contents.features` names their parts. If it is null, as in older galleries, matches are
 * ordered by distance until the next run describes the photo again.
 */
const VERSION_4 = `
ALTER TABLE contents ADD COLUMN features TEXT;
ALTER TABLE faces ADD COLUMN features BLOB;
`;

/**
 * Copies. `contents.picture` is the picture's perceptual hash: empty if it has none, null until it is computed. If a photo
 * without a release of its own is a copy of a photo with one, `copy_of` is the path of that photo, and `inherited` and the
 * columns for filters contain its release.
 */
const VERSION_5 = `
ALTER TABLE contents ADD COLUMN picture BLOB;
ALTER TABLE photos ADD COLUMN copy_of TEXT;
ALTER TABLE photos ADD COLUMN inherited TEXT;
`;

/**
 * Withdrawn photos whose files were removed: data to recognise copies, without faces. A row is deleted when a photo of its
 * path is labelled again or erased.
 */
const VERSION_6 = `
CREATE TABLE IF NOT EXISTS gone (
  path TEXT PRIMARY KEY,
  hash TEXT NOT NULL,
  picture BLOB,
  release TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS gone_by_hash ON gone (hash);
`;

/** `MIGRATIONS[n]` changes a database from version n to n + 1. */
const MIGRATIONS: readonly string[] = [VERSION_1, VERSION_2, VERSION_3, VERSION_4, VERSION_5, VERSION_6];
const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Configures the connection and migrates the schema to the current version, one transaction per step.
 *
 * `synchronous = NORMAL` with WAL: a killed process loses no committed data, a power cut at most the last commits, and
 * neither can corrupt the file. `secure_delete` overwrites deleted data.
 *
 * @throws ERR_GALLERY_VERSION, ERR_GALLERY_CORRUPT
 */
export function prepareSchema(database: Database, path: string): void {
  const version = readVersion(database, path);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = NORMAL");
  database.pragma("foreign_keys = ON");
  database.pragma("secure_delete = ON");
  for (let from = version; from < SCHEMA_VERSION; from++) {
    database.transaction(() => {
      // Another process may have migrated while this one waited for the write lock.
      if (readVersion(database, path) !== from) return;
      database.exec(MIGRATIONS[from] ?? "");
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${from + 1}`);
    });
  }
}

function readVersion(database: Database, path: string): number {
  const version = Number(database.pragma("user_version"));
  const application = Number(database.pragma("application_id"));
  const tables = Number(database.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.n);
  if (tables > 0 && application !== APPLICATION_ID) {
    throw corrupt(path, new Error("another application's SQLite file"));
  }
  if (version > SCHEMA_VERSION) {
    throw new LookalikeError(
      "ERR_GALLERY_VERSION",
      `Expected schema version ${SCHEMA_VERSION} or older for ${path} but received ${version}`,
      { hint: "Update the package: a newer version of it wrote this gallery." },
    );
  }
  return version;
}
