import { createHash } from "node:crypto";

/**
 * Whether a customer is held out, that is shown nothing so that the campaign's effect can be measured. Depends on
 * the seed and the id alone: the same in every run and on every machine, whatever other customers there are.
 *
 * @param share of the customers to hold out, in [0, 1)
 */
export function isHeldOut(customerId: string, share: number, seed: number): boolean {
  if (share <= 0) return false;
  const digest = createHash("sha256").update(`holdout:${seed}:${customerId}`).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48 < share;
}
