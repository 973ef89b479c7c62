/** Words for what customers do in reply to something that was shown to them: such a column is never of the past. */
const REPLY =
  /^(?:after|post|afterwards|clicked|opened|viewed|responded|response|redeem|redeemed|redemption|convert|converted|conversion|conversions|unsubscribed|unsubscribe|bounce|bounced|delivered|delivery|impression|impressions|exposed|exposure|replied|reply|reaction)$/;
/** Words for what customers do after something was shown to them, but also for what they did before. */
const DEED =
  /^(?:click|clicks|open|opens|view|views|visit|visits|visited|session|sessions|order|orders|ordered|purchase|purchased|purchases|cart|basket|checkout|spend|spent|revenue|profit|value|sale|sales|engaged|engagement|login|logins|download|downloads|downloaded|returned|churned|cancelled|canceled|used|shared|liked)$/;
/** Words in the names of columns that were known before. */
const BEFORE =
  /^(?:last|previous|prev|prior|before|past|lifetime|history|historic|historical|baseline|pre|ever|avg|average|mean|year|yearly|month|monthly|months|annual|\d+[dmy])$/;

/**
 * What a column's name says about the time of its values: `reply` to something shown, a `deed` that may have been done
 * before or after, or neither.
 */
export function timeByName(feature: string): "reply" | "deed" | "unknown" {
  const words = feature
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z\d]+/);
  if (words.some((word) => BEFORE.test(word))) return "unknown";
  if (words.some((word) => REPLY.test(word))) return "reply";
  return words.some((word) => DEED.test(word)) ? "deed" : "unknown";
}

/** The association of one column with the arms. */
export interface ArmAssociation {
  readonly feature: string;
  /** P-value of the hypothesis that the column is distributed equally over the arms. */
  readonly pValue: number;
  /** Only customers who were shown something have other values than one that they share with the control. */
  readonly variesWithOffer: boolean;
}

/** Probability of a false alarm per experiment. */
const LEVEL = 0.001;

/**
 * The columns that were changed by what was shown. They differ between the arms beyond chance, and their name is that
 * of a reply, or only those who were shown something can have their values. No other column may differ, because other
 * columns differ too if customers were selected for an arm. A column that differs for no such reason stays: it may be
 * what customers were selected by.
 *
 * Adjusting for such a column removes a part of the effect or all of it (Rosenbaum 1984, "The consequences of
 * adjustment for a concomitant variable that has been affected by the treatment", JRSS A 147).
 */
export function changedByTreatment(columns: readonly ArmAssociation[]): string[] {
  const level = LEVEL / Math.max(1, columns.length);
  const differing = columns.filter(({ pValue }) => pValue < level);
  const suspects = differing.filter(
    ({ feature, variesWithOffer }) => variesWithOffer || timeByName(feature) === "reply",
  );
  return suspects.length === differing.length ? suspects.map(({ feature }) => feature) : [];
}
