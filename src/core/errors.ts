import { escapeText } from "./escape.ts";

/**
 * The codes of all errors that the package throws on purpose. `code` is stable and documented in
 * `docs/errors.md`; a test checks that, and a run of all tests fails if a code was never raised.
 */
export const ERROR_CODES = [
  // any stage
  "ERR_OPTION_INVALID",
  "ERR_ABORTED",
  "ERR_DEPENDENCY_MISSING",
  "ERR_OUTPUT_UNWRITABLE",
  "ERR_SYSTEM_LIMIT",
  "ERR_KEY_INVALID",
  "ERR_KEY_REQUIRED",
  "ERR_KEY_WRONG",
  "ERR_STORE_CORRUPT",
  "ERR_STORE_BUSY",
  "ERR_RUN_BUSY",
  // faces
  "ERR_PHOTO_NOT_FOUND",
  "ERR_PHOTO_UNREADABLE",
  "ERR_PHOTO_TOO_LARGE",
  "ERR_PHOTO_NO_FACE",
  "ERR_PHOTO_AMBIGUOUS",
  "ERR_WEIGHTS_INVALID",
  "ERR_ENGINE_CLOSED",
  "ERR_EMBEDDER_CONFIG",
  "ERR_EMBEDDER_MODEL",
  "ERR_EVALUATION_EMPTY",
  // gallery
  "ERR_FOLDER_EMPTY",
  "ERR_LABELS_INVALID",
  "ERR_LABELS_ROW_INVALID",
  "ERR_PHOTO_CHANGED",
  "ERR_PHOTO_ERASED",
  "ERR_GALLERY_NOT_FOUND",
  "ERR_GALLERY_EMPTY",
  "ERR_GALLERY_BUSY",
  "ERR_GALLERY_EMBEDDER",
  "ERR_GALLERY_VERSION",
  "ERR_GALLERY_CORRUPT",
  "ERR_GALLERY_CLOSED",
  "ERR_PROBE_INVALID",
  "ERR_JUDGEMENTS_INVALID",
  // ads
  "ERR_FONT_INVALID",
  "ERR_GLYPH_MISSING",
  "ERR_COPY_TOO_LONG",
  "ERR_WEIGHT_LIMIT",
  "ERR_TEMPLATE_INVALID",
  "ERR_RUN_UNREADABLE",
  "ERR_CONSENTS_REQUIRED",
  "ERR_EXPORT_INVALID",
  "ERR_EXPORT_PERSONAL_DATA",
  // offers
  "ERR_EXPERIMENT_EMPTY",
  "ERR_OFFER_UNKNOWN",
  "ERR_OUTCOME_INVALID",
  "ERR_OUTCOME_CONSTANT",
  "ERR_PROPENSITY_INVALID",
  "ERR_FEATURE_MISSING",
  "ERR_FEATURE_INVALID",
  "ERR_TRANSITIONS_EMPTY",
  "ERR_MODEL_UNREADABLE",
  "ERR_MODEL_MISMATCH",
  // customers
  "ERR_SOURCE_NOT_FOUND",
  "ERR_SOURCE_UNREADABLE",
  "ERR_SOURCE_EMPTY",
  "ERR_COLUMN_MISSING",
  "ERR_COLUMN_REPEATED",
  "ERR_ID_INEXACT",
  "ERR_ROW_MALFORMED",
  "ERR_ROW_ID_MISSING",
  "ERR_ROW_ID_DUPLICATE",
  "ERR_ROW_DATE_INVALID",
  "ERR_ROW_PHOTO_OUTSIDE",
  "ERR_ROW_VALUE_INVALID",
  "ERR_ROW_ARM_UNKNOWN",
  "ERR_CUSTOMER_ERASED",
  "ERR_ARM_EMPTY",
  "ERR_ARM_TOO_SMALL",
  "ERR_PREDICATE_INVALID",
  "ERR_DATABASE_FAILED",
  // campaign
  "ERR_CAMPAIGN_NOT_FOUND",
  "ERR_CAMPAIGN_INVALID",
  "ERR_CAMPAIGN_INPUT_MISSING",
  "ERR_CUSTOMER_UNKNOWN",
  // service
  "ERR_ACCESS_DENIED",
  "ERR_SCOPE_MISSING",
  "ERR_REQUEST_FOREIGN",
  "ERR_REQUEST_REUSED",
  "ERR_REVIEW_CONFLICT",
  "ERR_SERVICE_LOADING",
  // cluster
  "ERR_POSTGRES_UNREACHABLE",
  "ERR_POSTGRES_FAILED",
  "ERR_CLUSTER_RUN_UNKNOWN",
  "ERR_CLUSTER_INPUTS_DIFFER",
  "ERR_CLUSTER_UNFINISHED",
  "ERR_SHARD_DAMAGED",
  "ERR_REGISTRY_NOT_SHARED",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface LookalikeErrorOptions {
  /** What the reader can do about it: one sentence in the imperative. */
  readonly hint?: string;
  /** Lines after the message, one per problem. */
  readonly details?: readonly string[];
  readonly cause?: unknown;
}

/**
 * The package's one error class.
 *
 * @example
 * throw new LookalikeError("ERR_GALLERY_EMPTY", `The gallery ${folder} has no faces`, {
 *   hint: "Index the inventory first.",
 * });
 */
export class LookalikeError extends Error {
  readonly code: ErrorCode;
  /** What to do about the error; empty if the message is enough. */
  readonly hint: string;

  constructor(code: ErrorCode, message: string, options: LookalikeErrorOptions = {}) {
    // File names and table values may contain line breaks and control characters.
    const lines = [message, ...(options.details ?? [])].map(escapeText);
    super(lines.join("\n"), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "LookalikeError";
    this.code = code;
    this.hint = escapeText(options.hint ?? "");
  }

  /** The form in `--json` output and reports: no stack, no cause. */
  toJSON(): { code: ErrorCode; message: string; hint: string } {
    return { code: this.code, message: this.message, hint: this.hint };
  }
}

/** "Expected X for Y but received Z". The value is shortened and shown with its type. */
export function expected(what: string, name: string, received: unknown): string {
  return `Expected ${what} for ${name} but received ${describeValue(received)}`;
}

function describeValue(value: unknown): string {
  if (typeof value === "string") return value.length > 60 ? `"${value.slice(0, 57)}..."` : `"${value}"`;
  if (typeof value === "number" || typeof value === "boolean" || value === null || value === undefined) {
    return String(value);
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "an invalid date" : value.toISOString();
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
}

/**
 * The error for an option, argument or field whose value is not allowed.
 *
 * @param what what is allowed, such as "a whole number from 1"
 * @param hint what to do about it, if the message is not enough
 *
 * @example
 * throw invalidOption("a positive integer", "top", 0, "Pass --top 1 or more.");
 */
export function invalidOption(what: string, name: string, received: unknown, hint = ""): LookalikeError {
  return new LookalikeError("ERR_OPTION_INVALID", expected(what, name, received), { hint });
}

/**
 * The error for options that are missing or exclude each other.
 *
 * @example
 * throw wrongUse("--campaign or --log", "both", "Train on the inputs of a campaign, or on one log.");
 */
export function wrongUse(what: string, received: string, hint = ""): LookalikeError {
  return new LookalikeError("ERR_OPTION_INVALID", `Expected ${what} but received ${received}`, { hint });
}

export function isLookalikeError(error: unknown): error is LookalikeError {
  return error instanceof LookalikeError;
}

/** Throws `ERR_ABORTED` if the caller's signal has fired; call it between units of work. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted(signal);
}

/** The error for work that a signal stopped. */
export function aborted(signal: AbortSignal | undefined): LookalikeError {
  return new LookalikeError("ERR_ABORTED", "The operation was aborted", { cause: signal?.reason });
}
