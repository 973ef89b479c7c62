import { LookalikeError } from "../../core/index.ts";
import type { Database } from "../../io/duckdb/index.ts";

export interface Arms {
  /** Control first. */
  readonly labels: readonly string[];
  /** From the database's code to the index in `labels`; -1: refused. */
  readonly indexOf: Int32Array;
}

const WHOLE = "^(-?\\d+)\\.0+$";

/** One name for 1 and 1.0: tools that write tables turn whole numbers into decimals where a cell is missing. */
export function armOf(sql: string): string {
  return `regexp_replace(${sql}, '${WHOLE}', '\\1')`;
}

function armNamed(given: string): string {
  return given.replace(new RegExp(WHOLE), "$1");
}

/** A column with more values than this is no treatment. */
const MAX_ARMS = 1000;

/**
 * The arms of the view `log`, which `armOf` named, called as they are given here; creates the type `arm`.
 *
 * @throws ERR_ARM_EMPTY, ERR_OPTION_INVALID
 */
export async function findArms(
  database: Database,
  control: string,
  offers: ReadonlyMap<string, string> | undefined,
): Promise<Arms> {
  const found = await database.all(
    `SELECT DISTINCT arm FROM log WHERE arm IS NOT NULL ORDER BY arm LIMIT ${MAX_ARMS + 1}`,
  );
  const present = found.map((row) => String(row.arm));
  if (present.length > MAX_ARMS) {
    throw new LookalikeError(
      "ERR_OPTION_INVALID",
      `Expected a column of at most ${MAX_ARMS} different offers for treatment but received more`,
      { hint: "Name the column that says what was shown, not one of ids." },
    );
  }
  if (!present.includes(armNamed(control))) {
    throw new LookalikeError(
      "ERR_ARM_EMPTY",
      `Expected rows of the control ${JSON.stringify(control)} but received ${present.slice(0, 20).join(", ") || "none"}`,
      { hint: "Name the control as the log calls it." },
    );
  }
  await database.run(
    "CREATE TYPE arm AS ENUM (SELECT DISTINCT arm FROM log WHERE arm IS NOT NULL ORDER BY arm)",
  );
  const names = new Map([...(offers ?? [])].map(([arm, offer]) => [armNamed(arm), offer]));
  const shown = present.filter(
    (arm) => arm !== armNamed(control) && (offers === undefined || names.has(arm)),
  );
  const arms = [armNamed(control), ...shown];
  return {
    labels: [control, ...shown.map((arm) => names.get(arm) ?? arm)],
    indexOf: Int32Array.from(present, (arm) => arms.indexOf(arm)),
  };
}
