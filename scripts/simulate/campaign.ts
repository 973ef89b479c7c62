import type { Random } from "../../src/core/index.ts";
import { numberColumn, type Table } from "../../src/core/index.ts";
import { MANUFACTURERS } from "./switching.ts";
import { categories, handsetAt, RESIDENCES, type Subscriber, tableOf } from "./telco.ts";

/** The campaign's offers; `none` is the control. */
export const OFFERS = ["apple-trade-in", "samsung-bundle", "sony-camera"] as const;

const PRICES: readonly number[] = [320, 260, 210];
const MONTHS_PER_YEAR = 12;

/**
 * Who was shown what (each arm with equal probability) and who bought, with the probabilities that it was drawn from.
 * The effects differ by age, residence and handset; each offer also has people whom it drives away.
 */
export function simulateCampaign(
  people: readonly Subscriber[],
  month: number,
  shownAt: number,
  random: Random,
): { experiment: Table; truth: Table } {
  const arms = ["none", ...OFFERS];
  const rows = people.map((person) => {
    const maker = handsetAt(person, month).maker;
    const none = withoutOffer(person);
    const effects = OFFERS.map((_, offer) => clampEffect(none, effectOf(offer, person, maker)));
    const arm = Math.floor(random() * arms.length);
    const probability = none + (arm === 0 ? 0 : (effects[arm - 1] ?? 0));
    return { person, maker, none, effects, arm, hasBought: random() < probability };
  });
  const ids = people.map((person) => person.id);
  const customer_id = categories(
    people.map((_, i) => i),
    ids,
  );
  return {
    experiment: tableOf({
      customer_id,
      offer_id: categories(
        rows.map((row) => row.arm),
        arms,
      ),
      shown_at: numberColumn(rows.map(() => shownAt)),
      converted: numberColumn(rows.map((row) => (row.hasBought ? 1 : 0))),
      value: numberColumn(rows.map((row) => (row.hasBought ? (PRICES[row.arm - 1] ?? 240) : 0))),
      propensity: numberColumn(rows.map(() => 1 / arms.length)),
      residence: categories(
        rows.map((row) => row.person.residence),
        RESIDENCES,
      ),
      age: numberColumn(rows.map((row) => row.person.age - 6 / MONTHS_PER_YEAR).map(Math.round)),
      current_manufacturer: categories(
        rows.map((row) => row.maker),
        MANUFACTURERS,
      ),
      tenure_months: numberColumn(rows.map((row) => row.person.tenureMonths - 6)),
    }),
    truth: tableOf({
      customer_id,
      probability_none: numberColumn(rows.map((row) => row.none)),
      ...Object.fromEntries(
        OFFERS.map((offer, i) => [`uplift_${offer}`, numberColumn(rows.map((row) => row.effects[i]))]),
      ),
    }),
  };
}

/** The young and the new replace their handsets more often. */
function withoutOffer(person: Subscriber): number {
  return 0.06 + 0.08 * youth(person) + (person.tenureMonths < 48 ? 0.04 : 0);
}

/** 1 at 18 years, 0 at 60 and above. */
function youth(person: Subscriber): number {
  return Math.max(0, Math.min(1, (60 - person.age) / 42));
}

function effectOf(offer: number, person: Subscriber, maker: number): number {
  const has = (name: (typeof MANUFACTURERS)[number]) => MANUFACTURERS[maker] === name;
  const isUrban = person.residence < 3;
  if (offer === 0) {
    // People loyal to another brand resent the push.
    if (has("Samsung")) return -0.06;
    return (has("Apple") ? 0.16 : 0.05) * (0.4 + youth(person)) + (isUrban ? 0.03 : 0);
  }
  if (offer === 1) {
    if (has("Apple")) return -0.05;
    return (has("Samsung") ? 0.15 : 0.06) * (1.2 - 0.6 * youth(person));
  }
  if (person.age > 65) return -0.03;
  return has("Sony") || has("HTC") ? 0.14 : 0.02 + (isUrban ? 0 : 0.05);
}

function clampEffect(none: number, effect: number): number {
  return Math.max(-none, Math.min(1 - none, effect));
}
