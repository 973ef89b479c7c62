import { isLookalikeError, LookalikeError } from "../../core/index.ts";
import { reason } from "../files.ts";

/**
 * DuckDB's messages quote whole rows, which may be personal data. Only the first line is kept, without
 * values.
 */
export function asLookalikeError(error: unknown): LookalikeError {
  if (isLookalikeError(error)) return error;
  const text = reason(error);
  const [first = ""] = text.split("\n");
  const file = /file = (.+)/.exec(text)?.[1];
  const isOfFile =
    !/no space|could not write|failed to write/i.test(text) &&
    /^(?:CSV|JSON|IO Error|Conversion Error|Invalid Error|Invalid Input Error: .*(?:CSV|JSON|magic|parquet|file))/i.test(
      first,
    );
  const shown = isOfFile ? withoutValues(first) : first;
  const message = shown.length > 300 ? `${shown.slice(0, 297)}...` : shown;
  return new LookalikeError(
    isOfFile ? "ERR_SOURCE_UNREADABLE" : "ERR_DATABASE_FAILED",
    file === undefined ? message : `${file}: ${message}`,
    { hint: isOfFile ? FILE_HINT : databaseHint(text), cause: error },
  );
}

const FILE_HINT = "Check that the file is a complete CSV, Parquet or JSON file in UTF-8.";

function databaseHint(text: string): string {
  return /Out of Memory/i.test(text) ? "Give it more memory or a temporary folder with more space." : "";
}

/** Converts an error of the library to a LookalikeError. */
export async function translated<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw asLookalikeError(error);
  }
}

/** Quoted text is a cell value, unless it is the file name. */
function withoutValues(message: string): string {
  return message.replace(/(file )?(?<![a-z])(["'])(?:(?!\2).)*(?:\2|$)/gi, (quoted, ofFile) =>
    ofFile ? quoted : '"..."',
  );
}
