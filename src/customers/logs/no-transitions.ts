import { LookalikeError } from "../../core/index.ts";
import type { Events } from "./events.ts";

/** The error for logs that contain no handsets although they should. */
export function noTransitions({ report, hasHandsets }: Events): LookalikeError {
  if (report.refused === report.read) {
    return new LookalikeError(
      "ERR_TRANSITIONS_EMPTY",
      `Expected rows that can be read in the logs but received ${report.read}, all of them rejected`,
      { hint: report.refusals[0]?.message ?? "" },
    );
  }
  return new LookalikeError(
    "ERR_TRANSITIONS_EMPTY",
    hasHandsets
      ? "Expected handsets in the logs but received rows that name none"
      : "Expected a column of handsets in the logs but received none",
    { hint: "Map device_manufacturer to the column with the maker of the caller's handset." },
  );
}
