import { findChannel } from "../ads/index.ts";
import { type RunManifest, writeManifest, writeProof } from "../handover/index.ts";
import type { ConsentRegistry, Vault } from "../trust/index.ts";
import { placeholdersOf, plainCopy } from "./copy.ts";
import type { Campaign, GenerateReport } from "./types.ts";

/**
 * Writes what people and tools take over from a finished run: `run.json`, which exports read, and `proof.html`.
 *
 * @param at the moment that consent and releases were judged at
 * @throws ERR_OUTPUT_UNWRITABLE, ERR_RUN_UNREADABLE
 */
export async function handOver(
  out: string,
  {
    campaign,
    report,
    at,
    consents,
    vault,
  }: {
    readonly campaign: Campaign;
    readonly report: GenerateReport;
    readonly at: Date;
    readonly consents: ConsentRegistry | null;
    readonly vault: Vault | null;
  },
): Promise<void> {
  await writeManifest(out, manifestOf(campaign, report, { at, consents }));
  await writeProof(out, { vault });
}

function manifestOf(
  campaign: Campaign,
  report: GenerateReport,
  { at, consents }: { readonly at: Date; readonly consents: ConsentRegistry | null },
): RunManifest {
  const { brand, policy, privacy } = campaign;
  return {
    version: 1,
    campaign: campaign.name,
    currency: campaign.currency,
    brand: { name: brand.name, colors: brand.colors },
    at: at.toISOString(),
    consents: consents && { file: consents.path, id: consents.id, crmConsent: privacy.crmConsent },
    channels: campaign.channels.map(({ id, width, height, format }) => {
      return { id, width, height, format, platform: findChannel(id)?.platform ?? null };
    }),
    offers: campaign.offers.map((offer) => ({
      id: offer.id,
      product: offer.product,
      copy: plainCopy(offer),
      placeholders: placeholdersOf(offer),
      url: offer.url,
      price: offer.price,
    })),
    policy: {
      minDistance: policy.similarity.minDistance,
      maxDistance: policy.similarity.maxDistance,
      holdout: campaign.experiment.holdout,
    },
    experiment: experimentOf(campaign),
    rows: { read: report.rows.read, refused: report.rows.refused },
    unjudgedOffers: [...report.unjudgedOffers],
    warnings: [...report.warnings],
  };
}

/** Copied, since a run is read by what it was drawn with, whatever the campaign file says by then. */
function experimentOf({ experiment }: Campaign): RunManifest["experiment"] {
  const { pre: _, learn: __, end, faces, ...rest } = experiment;
  return {
    ...rest,
    end: end?.toISOString() ?? null,
    faces: faces?.map(({ arm, share, band }) => ({ arm, share, band: band && [band[0], band[1]] })) ?? null,
  };
}
