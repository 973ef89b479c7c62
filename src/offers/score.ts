import { LookalikeError, throwIfAborted } from "../core/index.ts";
import type { CustomerBatch } from "../customers/index.ts";
import { createEffectPredictor } from "../learning/index.ts";
import { chooseBest, NO_OFFER } from "./choose/worth.ts";
import { createNextScorer, nextColumns } from "./next/scorer.ts";
import type { CustomerScore, OfferModel, OfferScore, OfferTerms } from "./types.ts";

/**
 * Which customers of a batch may be shown an offer: 1 for each row that may. An offer without an entry may be
 * shown to all.
 */
export type Eligibility = ReadonlyMap<string, Uint8Array>;

export interface ScoreOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once per batch; an ineligible offer is scored but never `best`. */
  readonly eligible?: ((batch: CustomerBatch) => Eligibility | Promise<Eligibility>) | undefined;
}

/** A prepared model: probabilities that all batches share are computed once. */
export interface OfferScorer {
  /**
   * Scores customers, in order.
   * @throws ERR_FEATURE_MISSING, ERR_FEATURE_INVALID
   */
  score(batch: Pick<CustomerBatch, "ids" | "table">, eligible?: Eligibility): CustomerScore[];
}

/**
 * Scores customers as a stream, in order. Only one batch is in memory.
 *
 * @throws ERR_FEATURE_MISSING, ERR_FEATURE_INVALID the customers lack columns that the model needs
 * @throws ERR_ABORTED
 * @example const model = await loadOfferModel("offers.json"); const customers = await readCustomers({
 *   customers: { source: "customers.csv" }, now: new Date() }); for await (const score of
 *   scoreCustomers(model, customers)) console.log(score.best);
 */
export async function* scoreCustomers(
  model: OfferModel,
  batches: Iterable<CustomerBatch> | AsyncIterable<CustomerBatch>,
  { signal, eligible }: ScoreOptions = {},
): AsyncGenerator<CustomerScore, void, undefined> {
  const scorer = createScorer(model);
  for await (const batch of batches) {
    throwIfAborted(signal);
    yield* scorer.score(batch, await eligible?.(batch));
  }
}

/** The columns that scoring needs, and the kind of each: request these from a customer reader. */
export function customerColumns(model: OfferModel): Record<string, "number" | "category"> {
  return Object.fromEntries([
    ...Object.entries(model.next === null ? {} : nextColumns(model.next)),
    ...(model.uplift?.schema.features.map(({ name, kind }) => [name, kind] as const) ?? []),
  ]);
}

/** Whether the model was trained on no data: it knows the offers, but nothing about who buys what. */
export function isUntrained({ uplift, next }: Pick<OfferModel, "uplift" | "next">): boolean {
  return uplift === null && next === null;
}

/** @throws ERR_MODEL_MISMATCH the model was trained on no data */
export function requireTrained(model: OfferModel, path: string): void {
  if (!isUntrained(model)) return;
  throw new LookalikeError(
    "ERR_MODEL_MISMATCH",
    `Expected a model trained on data but ${path} was trained on none`,
    {
      hint: "Train on a past campaign, a call log or a finished run (inputs.results).",
    },
  );
}

/**
 * Prepares a model for scoring batches of customers. A model that was trained on no data chooses no offer.
 *
 * @example
 * const scorer = createScorer(await loadOfferModel("offers.json"));
 * const scores = scorer.score(batch);
 */
export function createScorer(model: OfferModel): OfferScorer {
  const predictNext = model.next && createNextScorer(model.next);
  const arms = new Map(model.uplift?.arms.map((arm, i) => [arm.offerId, i]));
  const offers = model.offers.map((terms) => ({
    terms,
    arm: arms.get(terms.id) ?? -1,
    product: model.next?.manufacturers.indexOf(terms.product) ?? -1,
  }));
  const predictEffects = model.uplift && createEffectPredictor(model.uplift);
  const toScore = createOfferScore(model);
  const personal = model.uplift?.arms.map(({ isPersonal }) => isPersonal) ?? [];
  const incumbent = isUntrained(model) ? NO_OFFER : (model.uplift?.heterogeneity.single ?? null);
  return {
    score({ ids, table }, eligible) {
      const effects = predictEffects?.(table);
      const next = predictNext?.(table);
      return ids.map((customerId, row) => {
        const bought = next?.[row];
        const none = effects?.none[row] ?? null;
        const scores = offers.map(({ terms, arm, product }) =>
          toScore(terms, {
            lift: bought && product >= 0 ? (bought.lifts[product] ?? null) : null,
            probability: bought?.probabilities[product] ?? 0,
            none,
            offered: effects?.offers[arm]?.[row] ?? null,
            uplift: effects?.uplifts[arm]?.[row] ?? null,
            isPersonal: personal[arm] === true,
          }),
        );
        const best = chooseBest({ scores, incumbent }, (offerId) => eligible?.get(offerId)?.[row] !== 0);
        return { customerId, next: bought?.next ?? null, scores, incumbent, best };
      });
    },
  };
}

/** A model's estimate for one offer and one customer; null for parts that the model does not have. */
interface OfferEstimate {
  readonly lift: number | null;
  /** P(next = product); 0 without a model of next purchases. */
  readonly probability: number;
  readonly none: number | null;
  readonly offered: number | null;
  readonly uplift: number | null;
  readonly isPersonal: boolean;
}

function createOfferScore(model: OfferModel): (terms: OfferTerms, estimate: OfferEstimate) => OfferScore {
  // Effects are money, or probabilities.
  const isAmount = model.uplift?.outcome === "value";
  const unit = isAmount ? "amount" : "probability";
  const isKnown = !isUntrained(model);
  return (terms, { lift, probability, none, offered, uplift, isPersonal }) => {
    const offerId = terms.id;
    if (offered === null || uplift === null || none === null) {
      const nothing = { probabilityNone: null, probabilityOffer: null, uplift: null, isPersonal: false };
      return {
        offerId,
        basis: "lift",
        ...nothing,
        unit,
        lift,
        expectedValue: isKnown ? expectedValue(probability, terms) : null,
      };
    }
    return {
      offerId,
      basis: "uplift",
      probabilityNone: isAmount ? null : none,
      probabilityOffer: isAmount ? null : offered,
      uplift,
      unit,
      isPersonal,
      lift,
      expectedValue: isAmount ? uplift - terms.cost : expectedValue(uplift, terms),
    };
  };
}

/** @param probability the uplift (basis uplift), or P(next = product) (basis lift) */
function expectedValue(probability: number, { margin, cost }: OfferTerms): number {
  return probability * margin - cost;
}
