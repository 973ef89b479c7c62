import type { Decision } from "../types.ts";

/** A decision that the service made after the run, for a customer who is not in the run. */
export interface ServedDecision {
  readonly customerId: string;
  /** The decision's public name; see `docs/service.md`. */
  readonly token: string;
  /** Of campaign, model and gallery: another version decides again. */
  readonly version: string;
  readonly decision: Decision;
  /** false: a portrait or a picture is still to come. */
  readonly isFinal: boolean;
  readonly at: Date;
}

/** What a customer did. */
export interface OutcomeRecord {
  readonly customerId: string;
  readonly at: Date;
  readonly converted: boolean;
  /** In the campaign's currency; null: not known. */
  readonly value: number | null;
}

/** An ad that a customer saw, as the shop or the mail tool reports it. */
export interface ExposureRecord {
  readonly customerId: string;
  readonly at: Date;
  /** null: not known. */
  readonly channel: string | null;
}

/** A request that must have its effect once, however often it is sent. */
export interface OnceKey {
  /** Keyed hash of sender, route and key. */
  readonly key: string;
  /** Hash of what was sent: the same key with another body is a mistake. */
  readonly body: string;
}

/** Records that are kept together or not at all. */
export interface RecordBatch {
  readonly once?: OnceKey | undefined;
  /** First decisions: where there is one of the same version, that one stays. */
  readonly served?: readonly ServedDecision[] | undefined;
  /** What first decisions that were not final became: others are not changed. */
  readonly finished?: readonly ServedDecision[] | undefined;
  readonly outcomes?: readonly OutcomeRecord[] | undefined;
  readonly exposures?: readonly ExposureRecord[] | undefined;
}

/**
 * `kept`: on disk now; `repeated`: the same request was kept earlier; `conflict`: its key was used for another request.
 * `erased`: how many records were left out, since their customers were erased. `earlier`: customers whose decision of the
 * same version was stored before and stays.
 */
export interface BatchOutcome {
  readonly status: "kept" | "repeated" | "conflict";
  readonly erased: number;
  readonly earlier: readonly string[];
}
