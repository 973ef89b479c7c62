import { invalidOption, isLookalikeError } from "../core/index.ts";
import { parseDate } from "../tables/index.ts";

/**
 * Parses a time, independently of the machine's time zone.
 *
 * @param of for a day without a time: its start (default), or its end, for something that ends on that day
 * @throws ERR_OPTION_INVALID
 */
export function momentOption(flag: string, text: string, of: "start" | "end" = "start"): Date {
  try {
    return parseDate(text, flag, of);
  } catch (error) {
    if (!isLookalikeError(error)) throw error;
    throw invalidOption(
      "a date such as 2026-12-31",
      flag,
      text,
      "Write 2026-12-31, or 2026-12-31T12:00:00Z. Without a zone it is UTC.",
    );
  }
}
