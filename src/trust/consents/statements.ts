import type { Database, Statement } from "../../io/sqlite/index.ts";

/** Ends of the keys of a permit: one row for each contact that it depends on, the first without. */
export const PERMIT_SUFFIXES = ["", "+1", "+2"] as const;

const isEnded =
  "(withdrawn_at IS NOT NULL AND withdrawn_at < ?) OR (expires_at IS NOT NULL AND expires_at < ?)";

/**
 * The registry's statements, in SQL that both SQLite and PostgreSQL accept.
 *
 * @param listed a subquery that turns the JSON array in its one parameter into rows, in the dialect of the
 *   database
 */
export function statementsWith(listed: string) {
  return {
    state: "SELECT pepper FROM state",
    version: "SELECT changes FROM state",
    touch: "UPDATE state SET changes = changes + 1",
    save: `
      INSERT INTO consents AS c (customer_id, purpose, given_at, notice, method, expires_at, jurisdiction)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (customer_id, purpose, given_at) DO UPDATE SET notice = excluded.notice, method = excluded.method,
        expires_at = excluded.expires_at, jurisdiction = excluded.jurisdiction
      WHERE (c.notice, c.method, c.expires_at, c.jurisdiction)
        IS DISTINCT FROM (excluded.notice, excluded.method, excluded.expires_at, excluded.jurisdiction)`,
    withdraw: `
      UPDATE consents SET withdrawn_at = ? WHERE customer_id = ? AND purpose = ? AND given_at <= ?
        AND withdrawn_at IS NULL`,
    noteWithdrawal: `
      INSERT INTO withdrawals AS w VALUES (?, ?, ?)
      ON CONFLICT (customer_id, purpose) DO UPDATE SET at = excluded.at WHERE excluded.at > w.at`,
    withdrawnAt: "SELECT at FROM withdrawals WHERE customer_id = ? AND purpose = ?",
    find: "SELECT * FROM consents WHERE customer_id = ? AND purpose = ? ORDER BY given_at DESC",
    findMany: `SELECT * FROM consents WHERE customer_id IN ${listed} AND purpose = ?`,
    withdrawnAtMany: `SELECT customer_id, at FROM withdrawals WHERE customer_id IN ${listed} AND purpose = ?`,
    noted: `
      WITH requested(id) AS ${listed}
      SELECT id FROM requested WHERE EXISTS (SELECT 1 FROM withdrawals WHERE customer_id = requested.id AND purpose = ?)
        OR EXISTS (SELECT 1 FROM consents WHERE customer_id = requested.id AND purpose = ?)
        OR EXISTS (SELECT 1 FROM old_withdrawals) OR EXISTS (SELECT 1 FROM erased)`,
    erasedOf: `SELECT hash FROM erased WHERE hash IN ${listed}`,
    of: "SELECT * FROM consents WHERE customer_id = ? ORDER BY given_at DESC, purpose",
    page: `
      SELECT * FROM consents WHERE (customer_id, purpose, given_at) > (?, ?, ?)
      ORDER BY customer_id, purpose, given_at LIMIT ?`,
    noteErased: "INSERT INTO erased VALUES (?, ?) ON CONFLICT DO NOTHING",
    dropConsents: "DELETE FROM consents WHERE customer_id = ?",
    dropWithdrawals: "DELETE FROM withdrawals WHERE customer_id = ?",
    anyErased: "SELECT 1 AS one FROM erased LIMIT 1",
    isErased: "SELECT at FROM erased WHERE hash = ?",
    idPage: `
      SELECT customer_id AS id FROM consents WHERE customer_id > ?
      UNION SELECT customer_id FROM withdrawals WHERE customer_id > ? ORDER BY id LIMIT ?`,
    anyOld: "SELECT 1 AS one FROM old_withdrawals LIMIT 1",
    oldWithdrawal: "SELECT at FROM old_withdrawals WHERE hash = ? AND purpose = ?",
    oldWithdrawals: `SELECT hash, at FROM old_withdrawals WHERE hash IN ${listed} AND purpose = ?`,
    noteOld: `
      INSERT INTO old_withdrawals AS o VALUES (?, ?, ?)
      ON CONFLICT (hash, purpose) DO UPDATE SET at = excluded.at WHERE excluded.at > o.at`,
    dropOldWithdrawals: "DELETE FROM old_withdrawals WHERE hash = ?",
    anyOf: "SELECT 1 AS one FROM consents WHERE purpose = ? LIMIT 1",
    savePermit: `
      INSERT INTO permits VALUES (?, ?, ?)
      ON CONFLICT (permit) DO UPDATE SET contact = excluded.contact, ends_at = excluded.ends_at`,
    livePermits: `SELECT permit FROM permits WHERE permit IN ${listed} AND (ends_at IS NULL OR ends_at > ?)`,
    // With the rows of the others whom a permit depends on.
    dropPermits: `
      DELETE FROM permits WHERE permit IN (SELECT substr(p.permit, 1, 32) || s.suffix FROM permits p
        CROSS JOIN (${PERMIT_SUFFIXES.map((suffix) => `SELECT '${suffix}' AS suffix`).join(" UNION ALL ")}) s
        WHERE p.contact = ?)`,
    dropEndedPermits: "DELETE FROM permits WHERE ends_at < ?",
    withdrawnBefore: "SELECT * FROM withdrawals WHERE at < ?",
    dropWithdrawn: "DELETE FROM withdrawals WHERE at < ?",
    countEnded: `SELECT count(*) AS n FROM consents WHERE ${isEnded}`,
    dropEnded: `DELETE FROM consents WHERE ${isEnded}`,
    stats: `
      SELECT (SELECT count(*) FROM consents) AS records,
        (SELECT count(DISTINCT customer_id) FROM consents) AS customers,
        (SELECT count(*) FROM withdrawals) + (SELECT count(*) FROM old_withdrawals) AS withdrawals,
        (SELECT count(*) FROM erased) AS erased`,
  };
}

export type ConsentStatements = Readonly<Record<keyof ReturnType<typeof statementsWith>, Statement>>;

/** The statements of a registry in a SQLite file, by name. */
export function prepareStatements(database: Database): ConsentStatements {
  const texts = Object.entries(statementsWith("(SELECT value FROM json_each(?))"));
  const entries = texts.map(([name, text]) => [name, database.prepare(text)]);
  return Object.fromEntries(entries) as ConsentStatements;
}
