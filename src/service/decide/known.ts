import type { ServedDecision } from "../../handover/index.ts";
import { type AdContent, contentOf, type RunIndex } from "./run-index.ts";

/** A valid decision, from the run or from this service. */
export interface KnownDecision {
  readonly customerId: string;
  readonly name: string;
  readonly content: AdContent;
  readonly source: "run" | "computed";
  readonly version: string;
  readonly isFinal: boolean;
}

/** Nothing is shown. */
export const NO_AD: AdContent = {
  offer: { id: "none", basis: null },
  photo: null,
  copy: null,
  creatives: [],
  experiment: {},
};

/**
 * A decision that this service, or another one of the same run, made on request.
 *
 * @param version the version that the decision must have; null: any
 */
export function readServed(served: ServedDecision | null, version: string | null): KnownDecision | null {
  if (served === null || (version !== null && served.version !== version)) return null;
  const { customerId, token: name, version: own, isFinal } = served;
  return {
    customerId,
    name,
    content: contentOf(served.decision),
    isFinal,
    source: "computed",
    version: own,
  };
}

/** The answer for a customer who was erased: nothing is shown. */
export function erasedDecision(customerId: string, name: string, { version }: RunIndex): KnownDecision {
  return { customerId, name, content: NO_AD, source: "run", version, isFinal: true };
}
