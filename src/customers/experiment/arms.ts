import type { Database } from "../../duckdb/index.ts";
import { LookalikeError } from "../../errors.ts";

export interface Arms {
  /** Control first. */
  readonly labels: readonly string[];
  /** From the database's code to the index in `labels`; -1: refused. */
  readonly indexOf: Int32Array;
}

/** A column with more values than this is no treatment. */
const MAX_ARMS = 1000;

/**
 * The arms of the view `log`; creates the type `arm`.
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
  if (!present.includes(control)) {
    throw new LookalikeError(
      "ERR_ARM_EMPTY",
      `Expected rows of the control ${JSON.stringify(control)} but received ${present.slice(0, 20).join(", ") || "none"}`,
      { hint: "Name the control as the log calls it." },
    );
  }
  await database.run(
    "CREATE TYPE arm AS ENUM (SELECT DISTINCT arm FROM log WHERE arm IS NOT NULL ORDER BY arm)",
  );
  const others = present.filter((arm) => arm !== control && (offers === undefined || offers.has(arm)));
  const arms = [control, ...others];
  return {
    labels: [control, ...others.map((arm) => offers?.get(arm) ?? arm)],
    indexOf: Int32Array.from(present, (arm) => arms.indexOf(arm)),
  };
}
