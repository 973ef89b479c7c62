import type { AdCopy, Creative } from "../../ads/index.ts";
import { IMPERSONAL_COLUMNS } from "../../ads/index.ts";
import { throwIfAborted } from "../../core/index.ts";
import type { UpliftUnit } from "../../offers/index.ts";
import type { Vault } from "../../trust/index.ts";
import { decisionBatches } from "../export/decisions.ts";
import { adIdOf } from "../export/rows.ts";
import type { ManifestOffer, RunManifest } from "../manifest.ts";
import type { Decision } from "../types.ts";

/** The counts of a run's decisions; nothing in them is about one customer. */

export interface ProofAd {
  readonly adId: string;
  readonly offer: ManifestOffer;
  readonly copy: AdCopy;
  readonly photo: { readonly name: string; readonly basis: NonNullable<Decision["photo"]>["basis"] };
  /** Empty if the pictures may show personal data. */
  readonly creatives: readonly Creative[];
  readonly customers: number;
  /** Distances of the customers who are shown a look-alike; null if there are none. */
  readonly distance: { readonly least: number; readonly mean: number; readonly most: number } | null;
}

export interface ProofOffer {
  readonly offer: ManifestOffer;
  readonly customers: number;
  readonly basis: "uplift" | "lift" | null;
  /** Unit of the uplifts. */
  readonly unit: UpliftUnit;
  /** Means over the offer's customers; null if the basis has none. */
  readonly meanUplift: number | null;
  readonly meanLift: number | null;
  /** Sum over the offer's customers, in the run's currency; null if it is unknown for all of them. */
  readonly expectedValue: number | null;
}

/** Counts of distances in bins of 0.05 from 0. */
export const BIN_WIDTH = 0.05;

export interface Proof {
  readonly run: RunManifest;
  readonly customers: number;
  readonly shownNothing: number;
  readonly heldOut: number;
  readonly lookalikes: number;
  /** Customers by reason, most first. */
  readonly defaults: readonly (readonly [reason: string, customers: number])[];
  /** By customers, most first. */
  readonly offers: readonly ProofOffer[];
  /** By customers, most first. */
  readonly ads: readonly ProofAd[];
  readonly bins: readonly number[];
  /** Names and versions of the models and policies that decided. */
  readonly models: Decision["models"];
}

const BATCH = 10_000;

/**
 * Reads a run's decisions once; memory grows with the distinct ads and not with the customers.
 *
 * @throws ERR_RUN_UNREADABLE, ERR_ABORTED
 */
export async function collectProof(
  out: string,
  run: RunManifest,
  { vault, signal }: { readonly vault: Vault | null; readonly signal: AbortSignal | undefined },
): Promise<Proof> {
  const collector = createCollector(run);
  for await (const batch of decisionBatches(out, BATCH, vault)) {
    throwIfAborted(signal);
    for (const decision of batch) collector.add(decision);
  }
  return collector.proof();
}

interface AdCount {
  readonly ad: Omit<ProofAd, "customers" | "distance">;
  customers: number;
  readonly distances: { count: number; sum: number; least: number; most: number };
}

interface OfferCount {
  readonly offer: ManifestOffer;
  customers: number;
  basis: "uplift" | "lift" | null;
  unit: UpliftUnit;
  readonly uplift: { sum: number; count: number };
  readonly lift: { sum: number; count: number };
  expectedValue: number | null;
}

function createCollector(run: RunManifest) {
  const offersById = new Map(run.offers.map((offer) => [offer.id, offer]));
  const ads = new Map<string, AdCount>();
  const offers = new Map<string, OfferCount>();
  const defaults = new Map<string, number>();
  const bins: number[] = [];
  const counts = { customers: 0, shownNothing: 0, heldOut: 0, lookalikes: 0 };
  let models: Decision["models"] = {};

  const addShown = (decision: Decision, offer: ManifestOffer, photo: NonNullable<Decision["photo"]>) => {
    countOffer(offers, offer, decision.offer);
    if (photo.basis === "default") defaults.set(photo.reason, (defaults.get(photo.reason) ?? 0) + 1);
    else if (photo.basis === "lookalike") counts.lookalikes++;
    const { key, ad } = describeAd(decision, offer, photo);
    const count = ads.get(key) ?? {
      ad: ad(),
      customers: 0,
      distances: { count: 0, sum: 0, least: Number.POSITIVE_INFINITY, most: 0 },
    };
    ads.set(key, count);
    count.customers++;
    if (photo.distance === null) return;
    const bin = Math.min(79, Math.floor(photo.distance / BIN_WIDTH));
    while (bins.length <= bin) bins.push(0);
    bins[bin] = (bins[bin] ?? 0) + 1;
    const { distances } = count;
    distances.count++;
    distances.sum += photo.distance;
    distances.least = Math.min(distances.least, photo.distance);
    distances.most = Math.max(distances.most, photo.distance);
  };

  return {
    add(decision: Decision) {
      counts.customers++;
      models = decision.models;
      if (decision.offer.basis === "holdout") counts.heldOut++;
      const offer = offersById.get(decision.offer.id);
      if (offer === undefined || decision.photo === null) counts.shownNothing++;
      else addShown(decision, offer, decision.photo);
    },
    proof(): Proof {
      return {
        run,
        ...counts,
        defaults: [...defaults].sort((a, b) => b[1] - a[1]),
        offers: [...offers.values()].map(finishOffer).sort((a, b) => b.customers - a.customers),
        ads: [...ads.values()].map(finishAd).sort((a, b) => b.customers - a.customers),
        bins,
        models,
      };
    },
  };
}

/**
 * The ad that a decision counts for. Texts filled from a column that may identify a person are not shown, and
 * neither are pictures with them: such ads are counted together, by offer and photo.
 */
function describeAd(
  decision: Decision,
  offer: ManifestOffer,
  photo: NonNullable<Decision["photo"]>,
): { readonly key: string; readonly ad: () => AdCount["ad"] } {
  const copy = decision.copy ?? offer.copy;
  const name = photo.path.split(/[/\\]/).at(-1) ?? "";
  const shown = { offer, photo: { name, basis: photo.basis } };
  const isOfEveryone =
    copy.headline === offer.copy.headline && copy.body === offer.copy.body && copy.cta === offer.copy.cta;
  if (!isOfEveryone && offer.placeholders.some((column) => !IMPERSONAL_COLUMNS.has(column))) {
    const adId = `${offer.id}\n${photo.path}`;
    return { key: adId, ad: () => ({ ...shown, adId, copy: offer.copy, creatives: [] }) };
  }
  const key = decision.creatives.map(({ file }) => file).join("\n");
  return {
    key: `${offer.id}\n${key}`,
    ad: () => ({ ...shown, adId: adIdOf(decision) ?? "", copy, creatives: decision.creatives }),
  };
}

function countOffer(offers: Map<string, OfferCount>, offer: ManifestOffer, given: Decision["offer"]): void {
  const count: OfferCount = offers.get(offer.id) ?? {
    offer,
    customers: 0,
    basis: null,
    unit: "probability",
    uplift: { sum: 0, count: 0 },
    lift: { sum: 0, count: 0 },
    expectedValue: null,
  };
  offers.set(offer.id, count);
  count.customers++;
  count.unit = given.unit ?? count.unit;
  if (given.basis !== "holdout" && given.basis !== "explore") count.basis = given.basis;
  for (const measure of ["uplift", "lift"] as const) {
    const value = given[measure];
    if (value === null) continue;
    count[measure].sum += value;
    count[measure].count++;
  }
  if (given.expected_value !== null) count.expectedValue = (count.expectedValue ?? 0) + given.expected_value;
}

function finishOffer({ uplift, lift, ...rest }: OfferCount): ProofOffer {
  const mean = ({ sum, count }: { sum: number; count: number }) => (count === 0 ? null : sum / count);
  return { ...rest, meanUplift: mean(uplift), meanLift: mean(lift) };
}

function finishAd({ ad, customers, distances }: AdCount): ProofAd {
  const { count, sum, least, most } = distances;
  return { ...ad, customers, distance: count === 0 ? null : { least, mean: sum / count, most } };
}
