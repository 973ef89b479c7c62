/**
 * Names of the columns made from earlier purchases, the same in training and for the customers of a campaign.
 */

/** The share of a product among the customer's purchases so far. */
export function pastShare(product: string): string {
  return `past ${product}`;
}

export const PURCHASES_BEFORE = "purchases before";
export const DAYS_SINCE = "days since";
