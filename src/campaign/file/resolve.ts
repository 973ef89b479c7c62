import { resolve } from "node:path";
import { type BrandFont, TEXT_WEIGHTS } from "../../ads/index.ts";
import type { Campaign, CampaignPrivacy, ResemblancePolicy } from "../types.ts";
import type { CampaignInputs } from "../types-inputs.ts";
import { leastFaces, resolveOffer, resolveTemplates, toChannel } from "./load-ads.ts";
import { resolveExperiment } from "./resolve-experiment.ts";
import type { CampaignFile } from "./schema.ts";

/** Resolves a checked file: every path absolute and every default filled in. */
export function resolveCampaign(
  file: CampaignFile,
  folder: string,
): Omit<Campaign, "path" | "folder" | "hash"> {
  const { brand, photos, policy } = file;
  const absolute = (path: string) => resolve(folder, path);
  const optional = (path: string | undefined) => (path === undefined ? null : absolute(path));
  return {
    name: file.name,
    currency: file.currency,
    language: file.language ?? null,
    templates: resolveTemplates(file, absolute),
    brand: {
      name: brand.name,
      logo: optional(brand.logo),
      logoMono: optional(brand.logo_mono),
      colors: brand.colors,
      fonts: resolveFonts(brand.fonts, absolute),
      corner: brand.corner,
      tone: brand.tone,
    },
    inputs: resolveInputs(file.inputs, absolute),
    offers: file.offers.map(resolveOffer),
    channels: file.channels.map(toChannel),
    photos: {
      default: absolute(photos.default),
      side: photos.side === "auto" ? null : photos.side,
      territory: photos.territory ?? null,
      media: photos.media ?? null,
      exclusions: absolute("exclusions.csv"),
    },
    policy: {
      similarity: {
        maxDistance: policy.similarity.max_distance,
        minDistance: policy.similarity.min_distance,
      },
      quality: {
        minInterocularPx: policy.quality.min_interocular_px,
        minScore: policy.quality.min_score,
        minQuality: policy.quality.min_quality,
      },
      inventory: {
        minInterocularPx: policy.inventory.min_interocular_px,
        minQuality: policy.inventory.min_quality,
        minEyeLight: policy.inventory.min_eye_light,
        maxYawDegrees: policy.inventory.max_yaw_degrees,
        minFacePx: leastFaces(file),
      },
      appearance: {
        age: policy.appearance.age,
        smiling: policy.appearance.smiling,
        hair: policy.appearance.hair,
      },
      resemblance: resolveResemblance(policy.resemblance, absolute),
      requireRelease: policy.require_release,
      ambiguousPortrait: policy.ambiguous_portrait,
      holdout: policy.holdout,
      maxSpend: policy.max_spend,
      offers: policy.offers,
      seed: policy.seed,
      approval: policy.approval,
    },
    privacy: resolvePrivacy(file.privacy, absolute),
    experiment: resolveExperiment(file, absolute),
  };
}

function resolvePrivacy(
  privacy: CampaignFile["privacy"],
  absolute: (path: string) => string,
): CampaignPrivacy {
  const { decisions, creatives, consents, releases, audit } = privacy?.retention ?? {};
  return {
    isDeclared: privacy !== undefined,
    folder: absolute(privacy?.folder ?? "privacy"),
    database: privacy?.database ?? null,
    // With a privacy section, the law decides how a date without a registry record counts.
    crmConsent: privacy?.crm_consent ?? (privacy === undefined ? "accept" : "by_law"),
    jurisdiction: privacy?.jurisdiction ?? null,
    jurisdictionColumn: privacy?.jurisdiction_column ?? null,
    minimumAge: privacy?.minimum_age ?? 18,
    ageColumn: privacy?.age_column ?? null,
    exclude: privacy?.exclude ?? null,
    retention: {
      decisions: decisions ?? null,
      creatives: creatives ?? null,
      consents: consents ?? null,
      releases: releases ?? null,
      audit: audit ?? null,
    },
  };
}

/** Fonts of the brand. Headlines and buttons use the two heavier weights. */
function resolveFonts(
  { regular, bold }: CampaignFile["brand"]["fonts"],
  absolute: (path: string) => string,
): BrandFont[] {
  const weights = TEXT_WEIGHTS.map((weight) => ({ weight, file: weight === 500 ? regular : bold }));
  return weights.flatMap(({ weight, file }) =>
    file === undefined ? [] : [{ weight, file: absolute(file) }],
  );
}

function resolveResemblance(
  { band_of, same_gender, max_age_gap, metric, ...rules }: CampaignFile["policy"]["resemblance"],
  absolute: (path: string) => string,
): ResemblancePolicy {
  const path = metric === undefined ? null : absolute(metric);
  return { ...rules, metric: path, bandOf: band_of, sameGender: same_gender, maxAgeGap: max_age_gap };
}

function resolveInputs(inputs: CampaignFile["inputs"], absolute: (path: string) => string): CampaignInputs {
  const table = <Columns extends object>(input: { path: string; columns?: Columns | undefined }) => ({
    path: absolute(input.path),
    columns: input.columns ?? {},
  });
  const { customers, calls, messages, usage, purchases, experiment } = inputs;
  return {
    customers: table(customers),
    calls: calls === undefined ? null : table(calls),
    messages: messages === undefined ? null : table(messages),
    usage: usage === undefined ? null : table(usage),
    purchases: purchases === undefined ? null : table(purchases),
    logStart: inputs.log_start === undefined ? null : new Date(inputs.log_start),
    manufacturers: inputs.manufacturers ?? {},
    experiment:
      experiment === undefined
        ? null
        : {
            ...table(experiment),
            control: experiment.control,
            features: experiment.features ?? null,
          },
    inventory: (inputs.inventory ?? []).map(absolute),
    gallery: absolute(inputs.gallery),
    model: absolute(inputs.model),
    policy: absolute(inputs.policy),
    results: (inputs.results ?? []).map(({ runs, outcomes, slice }) => ({
      runs: runs.map(absolute),
      outcomes: absolute(outcomes),
      slice,
    })),
  };
}
