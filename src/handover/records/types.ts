import type { Decision } from "../types.ts";
import type { Reviews } from "./reviews.ts";

/** A decision that the service made after the run, for a customer who is not in the run. */
export interface ServedDecision {
  readonly customerId: string;
  /** The decision's public name; see `docs/service.md`. */
  readonly token: string;
  /** Version of campaign, model and gallery: with another version the decision is made again. */
  readonly version: string;
  readonly decision: Decision;
  /** false: a portrait or a picture is not ready yet. */
  readonly isFinal: boolean;
  readonly at: Date;
}

/** The outcome of a customer: bought or not, and for how much. */
export interface OutcomeRecord {
  readonly customerId: string;
  readonly at: Date;
  readonly converted: boolean;
  /** In the campaign's currency; null: not known. */
  readonly value: number | null;
}

/** An ad that a customer has seen, as reported by the shop or the mail tool. */
export interface ExposureRecord {
  readonly customerId: string;
  readonly at: Date;
  /** null: not known. */
  readonly channel: string | null;
}

/** Identifies a request that must take effect only once, however often it is sent. */
export interface OnceKey {
  /** Keyed hash of sender, route and key. */
  readonly key: string;
  /** Hash of the body: the same key with another body is an error. */
  readonly body: string;
}

/** Records that are added together or not at all. */
export interface RecordBatch {
  readonly once?: OnceKey | undefined;
  /** First decisions. A stored decision of the same version is kept. */
  readonly served?: readonly ServedDecision[] | undefined;
  /** Final versions of first decisions that were not final; other stored decisions are not changed. */
  readonly finished?: readonly ServedDecision[] | undefined;
  readonly outcomes?: readonly OutcomeRecord[] | undefined;
  readonly exposures?: readonly ExposureRecord[] | undefined;
}

/**
 * `kept`: on disk now; `repeated`: the same request was added earlier; `conflict`: its key was used for
 * another request. `erased`: number of records left out, because their customers were erased. `earlier`:
 * customers whose stored decision of the same version is kept.
 */
export interface BatchOutcome {
  readonly status: "kept" | "repeated" | "conflict";
  readonly erased: number;
  readonly earlier: readonly string[];
}

/**
 * Outcomes, exposures, decisions of the service and reviews of a run. Several processes may use the file at
 * once; each sees the commits of the others.
 */
export interface RunRecords {
  /**
   * Appends batches in one transaction, each whole or not at all. Once it returns, outcomes and exposures are on disk
   * and survive a power cut; decisions survive a kill.
   *
   * @param isErased customers whose records are skipped; called inside the transaction, so that a later erasure
   *   finds the rows
   */
  append(
    batches: readonly RecordBatch[],
    options: { readonly at: Date; readonly isErased: (customerId: string) => boolean },
  ): readonly BatchOutcome[];
  served(customerId: string): ServedDecision | null;
  servedByToken(token: string): ServedDecision | null;
  /** In the order in which they were added, read in small batches. */
  allServed(): Iterable<ServedDecision>;
  outcomes(): Iterable<OutcomeRecord>;
  exposures(): Iterable<ExposureRecord>;
  counts(): { readonly outcomes: number; readonly exposures: number };
  readonly reviews: Reviews;
  /**
   * Deletes all rows of a customer and overwrites their bytes.
   *
   * @returns the number of deleted rows
   */
  erase(customerId: string): number;
  /** Deletes decisions that are void because of a new version or a change of rights. */
  dropServed(customerIds: readonly string[]): void;
  close(): void;
}
