import { LookalikeError } from "../../core/index.ts";
import type { Database } from "../../io/sqlite/index.ts";
import { corrupt } from "./database.ts";

/** 'LOOK' in ASCII: distinguishes a gallery from other SQLite files. */
const APPLICATION_ID = 0x4c4f4f4b;

/**
 * `contents` are distinct files by SHA-256, with the outcome of reading them; `photos` are the paths that show
 * them. A move therefore touches one path, a copy shares its faces, and a broken file is remembered as broken.
 * `labels` is the row of photos.csv as JSON; searchable fields are also in their own columns.
 * AUTOINCREMENT: the search index names faces by id, so an id is never given twice.
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
 * Data for erasure and releases. `erased` contains keyed hashes of contents that must not be added again; the key is a
 * secret of the gallery's own, so that it outlives a change of the file's key.
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
 * How faces look, in columns that filters read. `contents.attributes` names the estimators; where it is null, as in
 * every older gallery, the photo is described again by the next run of an engine that estimates them.
 */
const VERSION_3 = `
ALTER TABLE contents ADD COLUMN attributes TEXT;
ALTER TABLE faces ADD COLUMN age REAL;
ALTER TABLE faces ADD COLUMN smiling REAL;
ALTER TABLE faces ADD COLUMN hair TEXT;
`;

/**
 * What resemblance is measured on. `contents.features` names the parts that a photo's faces have; where it is null, as
 * in every older gallery, matches are ordered by distance until the photo is described again by the next run.
 */
const VERSION_4 = `
ALTER TABLE contents ADD COLUMN features TEXT;
ALTER TABLE faces ADD COLUMN features BLOB;
`;

/**
 * Copies. `contents.picture` is the picture's perceptual hash, empty where it has none and null until it was computed.
 * A photo without a release of its own that is a copy of one with a release has that one's path in `copy_of` and the
 * release in `inherited`, and in the columns that filters read.
 */
const VERSION_5 = `
ALTER TABLE contents ADD COLUMN picture BLOB;
ALTER TABLE photos ADD COLUMN copy_of TEXT;
ALTER TABLE photos ADD COLUMN inherited TEXT;
`;

/**
 * What is left of withdrawn photos whose files are gone: enough to know a copy by, and no face. A row goes when a photo of
 * its path is labelled again, or is erased.
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

/** `MIGRATIONS[n]` brings a database from version n to n + 1. */
const MIGRATIONS: readonly string[] = [VERSION_1, VERSION_2, VERSION_3, VERSION_4, VERSION_5, VERSION_6];
export const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Sets the connection up and brings the schema to the current version, in one transaction a step.
 *
 * `synchronous = NORMAL` under WAL: a killed process loses nothing that was committed, a power cut at most the
 * last commits, and neither can corrupt the file. `secure_delete` overwrites what is deleted.
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
