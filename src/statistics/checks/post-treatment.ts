/** Words in the names of what customers do once something was shown to them. */
const AFTER =
  /^(?:after|post|afterwards|click|clicks|clicked|open|opens|opened|view|views|viewed|visit|visits|visited|session|sessions|response|responded|redeem|redeemed|redemption|convert|converted|conversion|order|orders|ordered|purchase|purchased|purchases|cart|basket|checkout|spend|spent|revenue|sale|sales|unsubscribed|unsubscribe|bounce|bounced|delivered|delivery|impression|impressions|exposed|exposure|engaged|engagement|login|logins|download|downloads|downloaded|replied|reply|returned|churned|cancelled|canceled|used|reaction|shared|liked)$/;
/** Words that say that a column was known before. */
const BEFORE =
  /^(?:last|previous|prev|prior|before|past|lifetime|history|historic|historical|baseline|pre|ever|avg|average|mean|year|yearly|month|monthly|months|annual|\d+[dmy])$/;

/** Whether a column's name says that it was recorded after something was shown. */
export function soundsLater(feature: string): boolean {
  const words = feature
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z\d]+/);
  return words.some((word) => AFTER.test(word)) && !words.some((word) => BEFORE.test(word));
}

/** What is known of one column and the arms. */
export interface ArmAssociation {
  readonly feature: string;
  /** That the column is spread alike over the arms. */
  readonly pValue: number;
  /** One value throughout an arm, and others in another arm. */
  readonly isFixedInArm: boolean;
}

/** Chance of one wrong alarm in an experiment. */
const LEVEL = 0.001;

/**
 * The columns that what was shown has changed: they differ between the arms beyond chance, sound like it or are fixed in
 * one arm, and no other column differs, as it would had customers been picked for an arm.
 *
 * Adjusting for such a column takes away a part of the effect, or all of it (Rosenbaum 1984, "The consequences of
 * adjustment for a concomitant variable that has been affected by the treatment", JRSS A 147).
 */
export function changedByTreatment(columns: readonly ArmAssociation[]): string[] {
  const level = LEVEL / Math.max(1, columns.length);
  const differing = columns.filter(({ pValue }) => pValue < level);
  const suspects = differing.filter(({ feature, isFixedInArm }) => isFixedInArm || soundsLater(feature));
  return suspects.length === differing.length ? suspects.map(({ feature }) => feature) : [];
}
