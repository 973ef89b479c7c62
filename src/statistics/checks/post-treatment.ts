/** Words in the names of columns that describe what customers do after something was shown to them. */
const AFTER =
  /^(?:after|post|afterwards|click|clicks|clicked|open|opens|opened|view|views|viewed|visit|visits|visited|session|sessions|response|responded|redeem|redeemed|redemption|convert|converted|conversion|order|orders|ordered|purchase|purchased|purchases|cart|basket|checkout|spend|spent|revenue|sale|sales|unsubscribed|unsubscribe|bounce|bounced|delivered|delivery|impression|impressions|exposed|exposure|engaged|engagement|login|logins|download|downloads|downloaded|replied|reply|returned|churned|cancelled|canceled|used|reaction|shared|liked)$/;
/** Words in the names of columns that were known before. */
const BEFORE =
  /^(?:last|previous|prev|prior|before|past|lifetime|history|historic|historical|baseline|pre|ever|avg|average|mean|year|yearly|month|monthly|months|annual|\d+[dmy])$/;

/** Whether a column's name suggests that it was recorded after something was shown. */
function soundsLater(feature: string): boolean {
  const words = feature
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z\d]+/);
  return words.some((word) => AFTER.test(word)) && !words.some((word) => BEFORE.test(word));
}

/** The association of one column with the arms. */
export interface ArmAssociation {
  readonly feature: string;
  /** P-value of the hypothesis that the column is distributed equally over the arms. */
  readonly pValue: number;
  /** One value throughout an arm, several in another arm. */
  readonly isFixedInArm: boolean;
}

/** Probability of a false alarm per experiment. */
const LEVEL = 0.001;

/**
 * The columns that were changed by what was shown. They differ between the arms beyond chance, and their name
 * suggests it or they are constant in one arm. No other column may differ, because other columns differ too
 * if customers were selected for an arm.
 *
 * Adjusting for such a column removes a part of the effect or all of it (Rosenbaum 1984, "The consequences of
 * adjustment for a concomitant variable that has been affected by the treatment", JRSS A 147).
 */
export function changedByTreatment(columns: readonly ArmAssociation[]): string[] {
  const level = LEVEL / Math.max(1, columns.length);
  const differing = columns.filter(({ pValue }) => pValue < level);
  const suspects = differing.filter(({ feature, isFixedInArm }) => isFixedInArm || soundsLater(feature));
  return suspects.length === differing.length ? suspects.map(({ feature }) => feature) : [];
}
