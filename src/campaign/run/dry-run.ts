import { createAssigner } from "../deciding/assign.ts";
import { shareBudgets } from "../deciding/budgets.ts";
import { type Candidate, settleBatch } from "../deciding/decide.ts";
import { readRunBatches } from "../deciding/run-batches.ts";
import { measureCosts } from "../drawing/costs.ts";
import { prepareRun, type RunParts } from "./prepare.ts";

/** What a run would do, counted before any ad is drawn and any portrait is opened. */
export interface DryRun {
  /** Customers who would be decided for. */
  readonly customers: number;
  /** Rows of the customers' file that would be rejected. */
  readonly refused: number;
  readonly offers: ReadonlyMap<string, number>;
  readonly heldOut: number;
  /** Number of customers whose portraits would be compared. */
  readonly portraits: number;
  /** Customers who would be shown the default photo, by reason. */
  readonly defaults: ReadonlyMap<string, number>;
  /** Photos of the gallery that may carry an ad. */
  readonly photos: number;
  /** The largest possible number of distinct ads if all customers get the plain text. */
  readonly mostAds: number;
  readonly unjudgedOffers: readonly string[];
  /** Upper bounds for one core, from a few samples that are drawn on this machine and removed again. */
  readonly estimate: { readonly seconds: number; readonly megabytes: number };
}

/**
 * Counts what `generate` would decide.
 *
 * @throws as starting a run
 */
export async function dryRun(parts: RunParts): Promise<DryRun> {
  const { campaign, gallery, signal } = parts;
  const prepared = await prepareRun(parts);
  try {
    const { reader, decideParts, unjudgedOffers } = prepared;
    const shares = await shareBudgets(decideParts, readRunBatches(reader, null, signal));
    const assign = createAssigner(campaign, shares);
    const counts = { customers: 0, heldOut: 0, portraits: 0 };
    const offers = new Map<string, number>();
    const defaults = new Map<string, number>();
    for await (const part of readRunBatches(reader, null, signal)) {
      const candidates = await settleBatch({ ...decideParts, assign }, part);
      for (const candidate of candidates) {
        counts.customers++;
        const { assignment } = candidate;
        increment(offers, assignment.status === "none" ? "none" : assignment.offer.id);
        if (assignment.status === "none") {
          if (assignment.because === "holdout") counts.heldOut++;
          continue;
        }
        const why = whyDefault(candidate, decideParts.gate.refusal);
        if (why === null) counts.portraits++;
        else increment(defaults, why);
      }
    }
    const photos = await countPhotos(gallery);
    const shown = [...offers.keys()].filter((id) => id !== "none").length;
    const mostAds = Math.min(counts.customers, shown * (1 + Math.min(photos, counts.portraits)));
    const costs = await measureCosts(parts, prepared.drawing.defaultPhoto);
    return {
      ...counts,
      refused: reader.report.refused,
      offers,
      defaults,
      photos,
      mostAds,
      unjudgedOffers,
      estimate: {
        seconds: Math.ceil(counts.portraits * costs.secondsAPortrait + mostAds * costs.secondsAnAd),
        megabytes: Math.ceil((mostAds * costs.bytesAnAd) / 1e6),
      },
    };
  } finally {
    await prepared.close();
  }
}

type Refusal = (request: Exclude<Candidate["portrait"], string>) => string | null;

function whyDefault({ portrait }: Candidate, refusal: Refusal): string | null {
  if (typeof portrait === "string") return portrait;
  return refusal(portrait) ?? (portrait.photo === null ? "no_photo" : null);
}

async function countPhotos(gallery: RunParts["gallery"]): Promise<number> {
  let count = 0;
  for await (const { faces } of gallery.photos()) if (faces.length > 0) count++;
  return count;
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
