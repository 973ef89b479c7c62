import { isLookalikeError } from "../../core/index.ts";
import { reason } from "../../io/files.ts";

/** The result of one check. */
export interface Finding {
  readonly name: string;
  /** `note`: works, but the user should know. */
  readonly status: "ok" | "note" | "wrong";
  readonly detail: string;
  /** What to do; empty if there is nothing to do. */
  readonly hint: string;
}

export function ok(name: string, detail: string): Finding {
  return { name, status: "ok", detail, hint: "" };
}

export function note(name: string, detail: string, hint: string): Finding {
  return { name, status: "note", detail, hint };
}

/** Runs a check; an error becomes a finding with its own hint, or with this one. */
export async function attempt(name: string, hint: string, check: () => Promise<Finding>): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    const own = isLookalikeError(error) ? error.hint : "";
    const code = isLookalikeError(error) ? `${error.code}: ` : "";
    const [first = ""] = reason(error).split("\n");
    return { name, status: "wrong", detail: code + first, hint: own || hint };
  }
}
