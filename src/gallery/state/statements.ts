import type { Database } from "../../io/sqlite/index.ts";

export type Statements = ReturnType<typeof prepareStatements>;

/** The statements that change the gallery, by name. */
export function prepareStatements(database: Database) {
  const statements = {
    state: "SELECT * FROM state",
    setEmbedder: "UPDATE state SET embedder = ?, dimensions = ?",
    touch: "UPDATE state SET changes = changes + 1",
    touchFaces: "UPDATE state SET faces_generation = faces_generation + 1, changes = changes + 1",
    findContent: "SELECT * FROM contents WHERE hash = ?",
    saveContent: `
      INSERT INTO contents (hash, width, height, refusal_code, refusal_message, refusal_hint, refused_by,
        attributes, features)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (hash) DO UPDATE SET width = excluded.width, height = excluded.height,
        refusal_code = excluded.refusal_code, refusal_message = excluded.refusal_message,
        refusal_hint = excluded.refusal_hint, refused_by = excluded.refused_by,
        attributes = excluded.attributes, features = excluded.features`,
    deleteFaces: "DELETE FROM faces WHERE content_id = ?",
    addFace: `
      INSERT INTO faces (content_id, position, details, landmarks, embedding, age, smiling, hair, features)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    attach: `
      INSERT INTO photos (path, content_id, fingerprint, labels, territories) VALUES (?, ?, ?, ?, '')
      ON CONFLICT (path) DO UPDATE SET content_id = excluded.content_id, fingerprint = excluded.fingerprint`,
    move: "UPDATE photos SET path = ?, fingerprint = ? WHERE path = ?",
    setFingerprint: "UPDATE photos SET fingerprint = ? WHERE path = ?",
    setLabels:
      "UPDATE photos SET labels = ?, release_expires = ?, territories = ?, release_id = ?, withdrawn = ?, media = ?, copy_of = NULL, inherited = NULL WHERE path = ? RETURNING id",
    clearTags: "DELETE FROM photo_tags WHERE photo_id = ?",
    addTag: "INSERT INTO photo_tags (tag, photo_id) VALUES (?, ?)",
    noteErased: "INSERT INTO erased VALUES (?) ON CONFLICT DO NOTHING",
    isErased: "SELECT 1 FROM erased WHERE hash = ?",
    pathsOfHash:
      "SELECT p.path FROM photos p JOIN contents c ON c.id = p.content_id WHERE c.hash = ? ORDER BY p.path",
    hashOfPath: "SELECT c.hash FROM photos p JOIN contents c ON c.id = p.content_id WHERE p.path = ?",
    hashesOfRelease: `
      SELECT DISTINCT c.hash FROM photos p JOIN contents c ON c.id = p.content_id WHERE p.release_id = ?1
        OR p.copy_of IN (SELECT path FROM photos WHERE release_id = ?1)
        OR p.copy_of IN (SELECT path FROM gone WHERE json_extract(release, '$.id') = ?1)
      UNION SELECT hash FROM gone WHERE json_extract(release, '$.id') = ?1`,
    noteGone: `
      INSERT OR REPLACE INTO gone (path, hash, picture, release)
      SELECT p.path, c.hash, c.picture, json_extract(p.labels, '$.release')
      FROM photos p JOIN contents c ON c.id = p.content_id
      WHERE p.path = ? AND p.withdrawn = 1 AND p.copy_of IS NULL`,
    labelledAgain: "DELETE FROM gone WHERE path = ?",
    erasedGone: "DELETE FROM gone WHERE hash = ?",
    gone: `
      SELECT g.path, g.release, g.picture, COALESCE(c.id, -1) AS content_id
      FROM gone g LEFT JOIN contents c ON c.hash = g.hash ORDER BY g.path`,
    removePhoto: "DELETE FROM photos WHERE path = ?",
    dropOrphans: `
      DELETE FROM contents WHERE id IN (
        SELECT id FROM contents c WHERE NOT EXISTS (SELECT 1 FROM photos WHERE content_id = c.id) LIMIT ?)`,
    anyOrphan:
      "SELECT 1 FROM contents c WHERE NOT EXISTS (SELECT 1 FROM photos WHERE content_id = c.id) LIMIT 1",
    unhashed: `
      SELECT c.id, min(p.path) AS path FROM contents c JOIN photos p ON p.content_id = c.id
      WHERE c.picture IS NULL AND c.refusal_code IS NULL GROUP BY c.id`,
    savePicture: "UPDATE contents SET picture = ? WHERE id = ?",
    released: `
      SELECT p.path, p.labels, p.content_id, c.picture FROM photos p JOIN contents c ON c.id = p.content_id
      WHERE json_extract(p.labels, '$.release') IS NOT NULL ORDER BY p.path`,
    unreleased: `
      SELECT p.path, p.copy_of, p.inherited, p.content_id, c.picture
      FROM photos p JOIN contents c ON c.id = p.content_id
      WHERE json_extract(p.labels, '$.release') IS NULL ORDER BY p.path`,
    inherit:
      "UPDATE photos SET copy_of = ?, inherited = ?, release_expires = ?, territories = ?, withdrawn = ?, media = ? WHERE path = ?",
    countFaces: `
      SELECT count(*) AS n FROM faces f WHERE EXISTS (SELECT 1 FROM photos WHERE content_id = f.content_id)`,
    tilted: `
      SELECT p.path, (
        SELECT json_group_array(COALESCE(json_extract(o.details, '$.quality.rollDegrees'), 0) ORDER BY o.position)
        FROM faces o WHERE o.content_id = f.content_id) AS rolls
      FROM faces f JOIN photos p ON p.content_id = f.content_id
      WHERE f.position = 0 AND abs(COALESCE(json_extract(f.details, '$.quality.rollDegrees'), 0)) > ?
      ORDER BY p.path`,
    anyFace: "SELECT 1 FROM faces LIMIT 1",
    featuresIds: `
      SELECT DISTINCT features FROM contents c
      WHERE refusal_code IS NULL AND EXISTS (SELECT 1 FROM photos WHERE content_id = c.id)`,
    featuresOf: `
      SELECT c.features AS id, f.features AS stored FROM contents c JOIN faces f ON f.content_id = c.id
      WHERE c.hash = ? AND f.position = 0`,
    embeddingOf: "SELECT embedding FROM faces WHERE id = ?",
  } as const;
  const entries = Object.entries(statements).map(([name, text]) => [name, database.prepare(text)]);
  return Object.fromEntries(entries) as Record<keyof typeof statements, ReturnType<Database["prepare"]>>;
}
