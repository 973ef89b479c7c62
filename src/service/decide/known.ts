import type { ServedDecision } from "../../handover/index.ts";
import { type Known, NOTHING } from "./answer.ts";
import { type RunIndex, shapeIn } from "./run-index.ts";

/** @param version the only one that counts; null: any */
export function readServed(served: ServedDecision | null, version: string | null): Known | null {
  if (served === null || (version !== null && served.version !== version)) return null;
  const { customerId, token: name, version: own, isFinal } = served;
  return { customerId, name, shape: shapeIn(served.decision), isFinal, source: "computed", version: own };
}

/** What is answered of a customer who was erased. */
export function nobody(customerId: string, name: string, { version }: RunIndex): Known {
  return { customerId, name, shape: NOTHING, source: "run", version, isFinal: true };
}
