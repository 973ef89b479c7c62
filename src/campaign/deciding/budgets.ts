import { assignHoldout } from "../../experiments/index.ts";
import { type Allocator, createAllocator, createWeigher } from "../../offers/index.ts";
import type { Campaign } from "../types.ts";
import type { BudgetShares } from "./assign.ts";
import type { DecideParts } from "./decide.ts";
import type { RunBatch } from "./run-batches.ts";

type WeighParts = Pick<DecideParts, "campaign" | "scorer" | "eligibility" | "gate" | "signal">;

/** Whether there is any limit, so that customers cannot be decided for one by one. */
export function hasBudgets({ offers, policy }: Pick<Campaign, "offers" | "policy">): boolean {
  return policy.maxSpend !== null || offers.some(({ budget }) => budget !== null);
}

/**
 * Reads every customer once, before the first decision, and allocates the offers with a budget to the
 * customers with whom they earn the most. The result depends only on the campaign, the model and the
 * customers, so that a resumed run has the same allocation. Needs one byte of memory per customer.
 *
 * @param used customers by offer whose part of the budgets is used already; default: none
 * @returns null if neither an offer nor the campaign has a budget: customers can then be decided
 * independently
 * @throws ERR_OPTION_INVALID more than 250 offers, before a customer is read; ERR_ABORTED
 */
export async function shareBudgets(
  parts: WeighParts,
  batches: AsyncIterable<RunBatch>,
  {
    used,
    onWeighed = () => {},
  }: {
    readonly used?: ReadonlyMap<string, number> | undefined;
    readonly onWeighed?: ((customers: number) => void) | undefined;
  } = {},
): Promise<BudgetShares | null> {
  if (!hasBudgets(parts.campaign)) return null;
  const allocator = openAllocator(parts.campaign, used);
  let weighed = 0;
  try {
    for await (const part of batches) {
      await weighBatch(parts, part, (worths) => allocator.addWorths(worths));
      weighed += part.members.length;
      onWeighed(weighed);
    }
    return allocator.solve(parts.signal);
  } finally {
    allocator.close();
  }
}

/**
 * Opens an allocator with a campaign's limits; close it.
 *
 * @param used customers by offer whose part of the limits is used already; default: none
 * @throws ERR_OPTION_INVALID more than 250 offers
 */
export function openAllocator(
  { offers, policy }: Pick<Campaign, "offers" | "policy">,
  used: ReadonlyMap<string, number> = new Map(),
): Allocator {
  const usedBy = (id: string) => used.get(id) ?? 0;
  const left = (limit: number | null, taken: number) => (limit === null ? null : Math.max(0, limit - taken));
  const spent = offers.reduce((sum, { id, cost }) => sum + cost * usedBy(id), 0);
  return createAllocator(
    offers.map(({ id, cost, budget }) => ({ id, cost, maxCustomers: left(budget, usedBy(id)) })),
    { seed: policy.seed, maxSpend: left(policy.maxSpend, spent) },
  );
}

/**
 * Computes the worth of each offer for the customers of a batch, in their order.
 *
 * @param visit receives one customer's worths, by the campaign's offers; the array is reused for each call
 */
export async function weighBatch(
  { campaign, scorer, eligibility, gate }: WeighParts,
  { batch, members }: RunBatch,
  visit: (worths: Float64Array) => void,
): Promise<void> {
  const weigh = createWeigher(campaign.offers);
  const excluded = await eligibility.excluded(batch.table);
  const scored = scorer.score(batch);
  const erased = gate.erasedAmong(members.map(({ row }) => batch.ids[row] ?? ""));
  for (const { row } of members) {
    const score = scored[row];
    if (score === undefined) throw new RangeError(`no score for row ${row}`);
    const id = batch.ids[row] ?? "";
    const isLeftOut = erased.has(id) || assignHoldout(campaign.experiment, id).arm === "holdout";
    visit(weigh(score, (offerId) => !isLeftOut && excluded[row]?.has(offerId) !== true));
  }
}
