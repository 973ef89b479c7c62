import { hash } from "node:crypto";
import { canonicalId } from "../core/index.ts";

/** One of the independent randomisations of an experiment, or a draw inside of an arm. */
export type Layer =
  | "holdout"
  | "offer"
  | "offer-pick"
  | "face"
  | "face-pick"
  | "copy"
  | "template"
  | "policy";

/**
 * A uniform number in [0, 1) that depends only on the layer, the salt and the customer: the same in every
 * run, shard and process, and independent between layers and between salts. All spellings of one id give the
 * same number.
 */
export function draw(layer: Layer, salt: string, customerId: string): number {
  // The lengths keep different triples from forming the same text.
  const text = `${layer}\n${salt.length}\n${salt}${canonicalId(customerId)}`;
  return Number.parseInt(hash("sha256", text, "hex").slice(0, 12), 16) / 2 ** 48;
}

/**
 * The arm that a uniform number falls into.
 *
 * @param u in [0, 1)
 * @param shares of the arms in their order, summing to 1
 */
export function armAt(u: number, shares: readonly number[]): number {
  let sum = 0;
  let last = 0;
  for (const [arm, share] of shares.entries()) {
    if (share <= 0) continue;
    sum += share;
    last = arm;
    if (u < sum) return arm;
  }
  // Because of rounding, shares may sum to slightly less than 1.
  return last;
}
