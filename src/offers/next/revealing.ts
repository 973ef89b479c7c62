import type { CategoryColumn } from "../../core/index.ts";
import { association } from "../../statistics/index.ts";
import { SEGMENT_COLUMNS } from "./segments.ts";
import type { CodedTransitions } from "./types.ts";

/** Cramér's V with the product bought, from which a column may reveal it. */
const LIMIT = 0.8;
/** How much more it must be associated with this product than with the one before: a trait of customers is not. */
const MORE = 0.02;

/**
 * Leaves out columns that were recorded with the purchase and reveal what was bought: the price that was paid, a product
 * code. Before a purchase nobody knows them, and a model that reads them learns nothing else.
 */
export function withoutRevealing(coded: CodedTransitions): {
  readonly coded: CodedTransitions;
  readonly revealing: readonly string[];
} {
  const productOf = (codes: Int32Array): CategoryColumn => ({
    kind: "category",
    codes,
    labels: coded.manufacturers,
  });
  const [next, before] = [productOf(coded.next), productOf(coded.current)];
  const revealing = [...coded.features.columns].flatMap(([name, column]) => {
    if (name === SEGMENT_COLUMNS.current) return [];
    const own = association(column, next);
    return own > LIMIT && own > association(column, before) + MORE ? [name] : [];
  });
  if (revealing.length === 0) return { coded, revealing };
  const columns = new Map([...coded.features.columns].filter(([name]) => !revealing.includes(name)));
  return { coded: { ...coded, features: { rows: coded.features.rows, columns } }, revealing };
}
