import { assignHoldout } from "../experiments/index.ts";
import { createAllocator } from "../offers/index.ts";
import type { BudgetShares } from "./assign.ts";
import type { DecideParts } from "./decide.ts";
import type { Turns } from "./turns.ts";

/**
 * Looks at every customer once, before the first is decided for, and gives the offers that have a budget to those with
 * whom they earn the most. Depends on nothing but the campaign, the model and the customers, so that a run that goes
 * on after an interruption shares them out as it did before. One byte a customer stays in memory.
 *
 * @returns null where neither an offer nor the campaign has a budget: every customer can then be decided for alone
 * @throws ERR_OPTION_INVALID more than 250 offers, before a customer is read; ERR_ABORTED
 */
export async function shareBudgets(
  parts: Pick<DecideParts, "campaign" | "scorer" | "eligibility" | "gate" | "signal">,
  customers: AsyncIterable<Turns>,
  onWeighed: (customers: number) => void = () => {},
): Promise<BudgetShares | null> {
  const { scorer, eligibility, gate, signal } = parts;
  const { offers, policy, experiment } = parts.campaign;
  if (policy.maxSpend === null && offers.every(({ budget }) => budget === null)) return null;
  const allocator = createAllocator(
    offers.map(({ id, cost, budget }) => ({ id, cost, maxCustomers: budget })),
    { seed: policy.seed, maxSpend: policy.maxSpend },
  );
  let weighed = 0;
  try {
    for await (const { batch, turns } of customers) {
      const excluded = await eligibility.excluded(batch.table);
      const scored = scorer.score(batch);
      for (const { row } of turns) {
        const score = scored[row];
        if (score === undefined) throw new RangeError(`no score for row ${row}`);
        const id = batch.ids[row] ?? "";
        const isLeftOut = gate.isErased(id) || assignHoldout(experiment, id).arm === "holdout";
        allocator.add(score, (offerId) => !isLeftOut && excluded[row]?.has(offerId) !== true);
      }
      weighed += turns.length;
      onWeighed(weighed);
    }
    return allocator.solve(signal);
  } finally {
    allocator.close();
  }
}
