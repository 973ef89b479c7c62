import { mapOrdered, throwIfAborted } from "../../core/index.ts";
import { type CreativeParts, type FinishedDecision, finishDecision } from "../drawing/creative.ts";
import { type CustomerPlan, type DecideParts, decideBatch } from "./decide.ts";
import type { RunBatch } from "./run-batches.ts";

export interface DecideAllOptions {
  /** Number of customers, without erased ones, who were already decided for; default 0. */
  readonly skip?: number | undefined;
  /** Ads drawn at once. */
  readonly jobs: number;
  /** Called for each customer who is left out because they were erased. */
  readonly onErased: () => void;
}

/** Decides for customers and draws their ads, in order; used by whole runs and by shards. */
export function decideAll(
  parts: DecideParts,
  drawing: CreativeParts,
  batches: AsyncIterable<RunBatch>,
  options: DecideAllOptions,
): AsyncGenerator<FinishedDecision> {
  return mapOrdered(planCustomers(parts, batches, options), options.jobs, (plan) =>
    finishDecision(drawing, plan),
  );
}

/** Plans for the customers in order, without the first `skip` of those who were not erased. */
async function* planCustomers(
  parts: DecideParts,
  batches: AsyncIterable<RunBatch>,
  { skip = 0, onErased }: DecideAllOptions,
): AsyncGenerator<CustomerPlan> {
  let left = skip;
  for await (const { batch, members } of batches) {
    const erased = parts.gate.erasedAmong(members.map(({ row }) => batch.ids[row] ?? ""));
    const present = members.filter(({ row }) => {
      const isErased = erased.has(batch.ids[row] ?? "");
      if (isErased) onErased();
      return !isErased;
    });
    const skipped = Math.min(left, present.length);
    left -= skipped;
    for await (const plan of decideBatch(parts, { batch, members: present.slice(skipped) })) {
      throwIfAborted(parts.signal);
      yield plan;
    }
  }
}
