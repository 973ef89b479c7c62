import { relative, resolve } from "node:path";
import { findChannel } from "../../ads/index.ts";
import { personalColumns } from "../../experiments/index.ts";
import { type RunManifest, writeManifest, writeProof } from "../../handover/index.ts";
import { isPostgresUrl } from "../../io/postgres/index.ts";
import { type ConsentRegistry, privacyFiles, type Vault } from "../../trust/index.ts";
import { placeholdersOf, plainCopy } from "../drawing/copy.ts";
import type { Campaign, GenerateReport } from "../types.ts";

/**
 * Writes `run.json`, which exports read, and `proof.html` for a finished run.
 *
 * @param at when the run began
 * @throws ERR_OUTPUT_UNWRITABLE
 */
export async function handOver(
  out: string,
  {
    campaign,
    report,
    at,
    consents,
    vault,
    earlier = null,
  }: {
    readonly campaign: Campaign;
    readonly report: GenerateReport;
    readonly at: Date;
    readonly consents: ConsentRegistry | null;
    readonly vault: Vault | null;
    /** Of the finished run that the decisions were merged into; default: none. */
    readonly earlier?: RunManifest | null | undefined;
  },
): Promise<void> {
  const manifest = manifestOf(campaign, report, { out, at, consents });
  await writeManifest(out, earlier === null ? manifest : mergeManifests(earlier, manifest));
  await writeProof(out, { vault });
}

/** Keeps what earlier decisions refer to; of two values the later run's is used. */
function mergeManifests(earlier: RunManifest, later: RunManifest): RunManifest {
  const others = <T extends { readonly id: string }>(before: readonly T[], after: readonly T[]) => {
    const known = new Set(after.map(({ id }) => id));
    return before.filter(({ id }) => !known.has(id));
  };
  return {
    ...later,
    channels: [...later.channels, ...others(earlier.channels, later.channels)],
    offers: [...later.offers, ...others(earlier.offers, later.offers)],
    rows: earlier.rows,
    warnings: [...earlier.warnings, ...later.warnings],
  };
}

function manifestOf(
  campaign: Campaign,
  report: GenerateReport,
  {
    out,
    at,
    consents,
  }: { readonly out: string; readonly at: Date; readonly consents: ConsentRegistry | null },
): RunManifest {
  const { brand, policy, privacy } = campaign;
  // Without a registry, the path at which a withdrawal would create it.
  const file = consents?.path ?? privacyFiles(privacy.folder).consents;
  return {
    version: 1,
    campaign: campaign.name,
    currency: campaign.currency,
    brand: { name: brand.name, colors: brand.colors },
    ...(campaign.language === null ? {} : { language: campaign.language }),
    at: at.toISOString(),
    consents: {
      file,
      ...(isPostgresUrl(file) ? {} : { fromRun: relative(resolve(out), file) }),
      id: consents?.id ?? null,
      crmConsent: privacy.crmConsent,
    },
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
      approval: policy.approval,
    },
    experiment: experimentOf(campaign),
    rows: rowsOf(report),
    unjudgedOffers: [...report.unjudgedOffers],
    warnings: [...report.warnings],
  };
}

function rowsOf({ rows }: GenerateReport): RunManifest["rows"] {
  return {
    read: rows.read,
    refused: rows.refused,
    // Sorted by name, because a run on several machines keeps them without an order.
    refusedByCode: Object.fromEntries(
      Object.entries(rows.refusedByCode).sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    warnings: rows.warnings.map(({ message }) => message),
  };
}

/**
 * A copy, because a run is evaluated with the design that it was drawn with, even if the campaign file
 * changes.
 */
export function experimentOf({ experiment }: Campaign): RunManifest["experiment"] {
  const { pre: _, learn: __, policy, end, faces, copy, template, exploreShares, ...rest } = experiment;
  return {
    ...rest,
    end: end?.toISOString() ?? null,
    faces: faces?.map(({ arm, share, band }) => ({ arm, share, band: band && [band[0], band[1]] })) ?? null,
    ...(exploreShares ? { exploreShares: [...exploreShares] } : {}),
    ...(copy ? { copy: [...copy] } : {}),
    ...(template ? { template: [...template] } : {}),
    ...(policy === null ? {} : { personal: [...personalColumns(policy)] }),
  };
}
