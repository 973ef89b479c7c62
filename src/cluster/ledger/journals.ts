import { LookalikeError } from "../../core/index.ts";
import { openPostgresSync, type Postgres } from "../../io/postgres/index.ts";
import type { Appender } from "../../io/shared-files/index.ts";

/** Journals of workers whose shared files cannot be appended to, line by line. */
export interface Journals {
  /**
   * Creates a journal that one process appends to. Each line is stored before `append` returns, which blocks this thread
   * for a round trip. Lines of a run that was merged or removed are rejected.
   *
   * @throws ERR_POSTGRES_UNREACHABLE; `append`: ERR_OUTPUT_UNWRITABLE, ERR_POSTGRES_UNREACHABLE
   */
  open(runId: string, name: string): Promise<Appender>;
  /** The text of every journal of a run, by name. */
  read(runId: string): Promise<ReadonlyMap<string, string>>;
  remove(runId: string): Promise<void>;
}

/** A line that was sent twice, because the first answer was lost, is stored once. */
const APPEND = `INSERT INTO lookalike.journals (run_id, name, position, line)
  SELECT $1::text, $2::text, $3::int, $4::text WHERE EXISTS (SELECT 1 FROM lookalike.runs WHERE id = $1 AND state = 'working')
  ON CONFLICT (run_id, name, position) DO UPDATE SET line = excluded.line`;

/** @param url of the database, with its password */
export function createJournals(url: string, { query }: Postgres): Journals {
  return {
    async open(runId, name) {
      const postgres = await openPostgresSync(url);
      let position = 0;
      return {
        append(line) {
          const { changes } = postgres.query(APPEND, [runId, name, position, line]);
          if (changes === 0) throw ended(runId);
          position++;
        },
        close: () => postgres.close(),
      };
    },
    async read(runId) {
      const rows = await query(
        "SELECT name, string_agg(line, '' ORDER BY position) AS text FROM lookalike.journals WHERE run_id = $1 GROUP BY name ORDER BY name",
        [runId],
      );
      return new Map(rows.map(({ name, text }) => [String(name), String(text)]));
    },
    remove: async (runId) => void (await query("DELETE FROM lookalike.journals WHERE run_id = $1", [runId])),
  };
}

function ended(runId: string): LookalikeError {
  return new LookalikeError(
    "ERR_OUTPUT_UNWRITABLE",
    `Could not write the audit journal of ${runId}: the run was merged or removed`,
    { hint: "Nothing is left to do for this run." },
  );
}
