import { LookalikeError } from "../../core/index.ts";

/** The packages are optional: only work on many machines and a consent registry in PostgreSQL need them. */

export type Pg = Pick<typeof import("pg"), "Pool" | "Client">;
export type PgBossClass = typeof import("pg-boss");

/** @throws ERR_DEPENDENCY_MISSING */
export async function loadPg(): Promise<Pg> {
  try {
    const library = await import("pg");
    return library.default ?? library;
  } catch (cause) {
    throw missing("pg", cause);
  }
}

/** @throws ERR_DEPENDENCY_MISSING */
export async function loadPgBoss(): Promise<PgBossClass> {
  try {
    return (await import("pg-boss")).default;
  } catch (cause) {
    throw missing("pg-boss", cause);
  }
}

function missing(name: string, cause: unknown): LookalikeError {
  return new LookalikeError(
    "ERR_DEPENDENCY_MISSING",
    `Expected the package ${name} for work with PostgreSQL`,
    {
      hint: "Install it: npm install pg@8 pg-boss@10.4.2",
      cause,
    },
  );
}
