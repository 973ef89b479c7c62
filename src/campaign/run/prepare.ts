import { throwIfAborted } from "../../core/index.ts";
import { type CustomerReader, type Customers, openCustomers } from "../../customers/index.ts";
import { createPersonalShares, personalColumns } from "../../experiments/index.ts";
import type { FaceEngine } from "../../faces/index.ts";
import type { Gallery } from "../../gallery/index.ts";
import { hashBytes } from "../../io/files.ts";
import { createScorer, isUntrained, type OfferModel } from "../../offers/index.ts";
import type { FeatureKind } from "../../tables/index.ts";
import type { AuditSink, ConsentRegistry, Vault } from "../../trust/index.ts";
import type { DecideParts } from "../deciding/decide.ts";
import { openEligibility } from "../deciding/eligibility.ts";
import { openExclusions } from "../deciding/exclusions.ts";
import { describeAdPhoto } from "../drawing/ad-photo.ts";
import { checkPlaceholders } from "../drawing/copy.ts";
import { type CreativeParts, checkOffers } from "../drawing/creative.ts";
import { createRenderers } from "../drawing/renderer.ts";
import { createNetworkArm, type NetworkArm } from "../matching/network-arm.ts";
import { hasInfluencerArm, networkForRun } from "../matching/network-sources.ts";
import { createOwnDefaultCheck } from "../matching/own-default.ts";
import { requireDefaultPhoto, requireDefaultRelease } from "../privacy/default-photo.ts";
import { openGate } from "../privacy/gate.ts";
import { requireRegistry } from "../privacy/registry.ts";
import type { Campaign } from "../types.ts";
import {
  requireAttributes,
  requireChoices,
  requirePolicyColumns,
  requireSameEmbedder,
} from "./requirements.ts";
import { customerSources, readForModel } from "./sources.ts";

/** The parts needed to decide for customers, in a run or one by one. */
export interface RunParts {
  readonly campaign: Campaign;
  /** The indexed inventory; its faces must come from the engine's embedder. */
  readonly gallery: Gallery;
  readonly engine: FaceEngine;
  readonly model: OfferModel;
  /** Folder of the run. */
  readonly out: string;
  readonly consents?: ConsentRegistry | null | undefined;
  readonly audit?: AuditSink | null | undefined;
  readonly vault?: Vault | null | undefined;
  /** Template of the ads; default `panel`. */
  readonly template?: string | undefined;
  /** Folder of finished features of the logs, read instead of them; default: none. */
  readonly logFeatures?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The clock, with which consent and releases are checked again for every photo. */
  readonly now: () => Date;
}

/** The parts needed to decide, except the customers, checked and open; `close()` it. */
export interface PreparedWork {
  /** With the campaign's margins and costs. */
  readonly model: OfferModel;
  readonly decideParts: Pick<
    DecideParts,
    | "campaign"
    | "scorer"
    | "sharesOf"
    | "eligibility"
    | "gate"
    | "excludedPhotos"
    | "isOwnDefault"
    | "renderer"
    | "signal"
  >;
  readonly drawing: CreativeParts;
  /** Offers that the model has no data about. */
  readonly unjudgedOffers: readonly string[];
  close(): Promise<void>;
}

/** The same with the customers' file; `close()` it. */
export interface Prepared extends PreparedWork {
  readonly reader: CustomerReader;
  /** The customers' columns, and their kinds. */
  readonly kinds: Readonly<Record<string, FeatureKind>>;
  /** null: the campaign has no arm `influencer`. */
  readonly network: NetworkArm | null;
}

/**
 * Checks and opens everything that decisions need, before any work.
 *
 * @throws ERR_GALLERY_EMBEDDER, ERR_MODEL_MISMATCH, ERR_PREDICATE_INVALID, ERR_CAMPAIGN_INVALID, ERR_CONSENTS_REQUIRED,
 * ERR_COPY_TOO_LONG, ERR_GLYPH_MISSING, ERR_OPTION_INVALID, ERR_ABORTED, and errors of opening the customers
 * and loading fonts
 */
export async function prepareRun(parts: RunParts): Promise<Prepared> {
  const { campaign, logFeatures, signal, now } = parts;
  const studio = await openStudio(parts);
  const network = networkForRun(campaign, studio.model, { consents: parts.consents ?? null, at: now() });
  const sources = { ...customerSources(campaign.inputs), network, logFeatures };
  const customers = await openCustomers({ ...sources, signal });
  try {
    const { reader, kinds } = await readForModel(
      customers,
      { model: studio.model, policy: campaign.experiment.policy },
      { now: now(), signal },
    );
    const work = await openWork(parts, studio, reader.features);
    const close = async () => {
      await work.close();
      await customers.close();
    };
    try {
      const arm = await openNetworkArm(parts, customers, { gate: work.decideParts.gate, kinds });
      return { ...work, reader, kinds, network: arm, close };
    } catch (error) {
      await work.close();
      throw error;
    }
  } catch (error) {
    await customers.close();
    throw error;
  }
}

async function openNetworkArm(
  { campaign, consents, engine, now, signal }: RunParts,
  customers: Customers,
  { gate, kinds }: Pick<Prepared, "kinds"> & Pick<DecideParts, "gate">,
): Promise<NetworkArm | null> {
  if (consents == null || !hasInfluencerArm(campaign)) return null;
  const influence = await customers.influence();
  const { privacy } = campaign;
  return createNetworkArm({ customers, influence, kinds, privacy, consents, gate, engine, now, signal });
}

/**
 * Like `prepareRun`, for customers who were read elsewhere.
 *
 * @param columns of the customers' tables, in their order
 * @throws as `prepareRun`, except errors of opening the customers
 */
export async function prepareForColumns(parts: RunParts, columns: readonly string[]): Promise<PreparedWork> {
  return openWork(parts, await openStudio(parts), columns);
}

/** The parts that draw ads, which do not depend on a customer. */
type Studio = Pick<PreparedWork, "model"> & Omit<PreparedWork["drawing"], "gate">;

async function openStudio(parts: RunParts): Promise<Studio> {
  const { campaign, engine, gallery, out, signal, now } = parts;
  throwIfAborted(signal);
  requireSameEmbedder(gallery, engine);
  requireAttributes(campaign, engine);
  requireChoices(campaign, parts.model);
  await requireRegistry(parts);
  await requireDefaultPhoto(gallery, campaign.photos, now());
  const renderers = await createRenderers(campaign, { out, gallery, template: parts.template });
  for (const own of renderers.all) await checkOffers(own, campaign.offers);
  const defaultPhoto = await describeAdPhoto(campaign.photos.default, engine, gallery, "always");
  if (campaign.policy.requireRelease && defaultPhoto.faces.length > 0)
    await requireDefaultRelease(gallery, campaign.photos.default);
  const models = {
    faces: engine.embedder.id,
    offers: hashBytes(JSON.stringify(parts.model)).slice(0, 12),
  };
  return { model: withCampaignTerms(parts.model, campaign), renderers, defaultPhoto, models, signal };
}

async function openWork(
  { campaign, engine, gallery, consents = null, audit = null, signal, now }: RunParts,
  { model, ...studio }: Studio,
  columns: readonly string[],
): Promise<PreparedWork> {
  const { policy } = campaign.experiment;
  checkPlaceholders(campaign.offers, columns);
  if (policy !== null) requirePolicyColumns(personalColumns(policy), columns);
  const scorer = createScorer(model);
  const sharesOf = policy === null ? null : createPersonalShares(policy, campaign.experiment);
  const excludedPhotos = await openExclusions(campaign.photos.exclusions, gallery);
  const eligibility = await openEligibility(campaign.offers, columns);
  try {
    // Opened last: whatever fails before it has nothing to close but the conditions.
    const gate = await openGate({ privacy: campaign.privacy, columns, consents, audit, now });
    return {
      model,
      decideParts: {
        campaign,
        scorer,
        sharesOf,
        eligibility,
        gate,
        excludedPhotos,
        isOwnDefault: createOwnDefaultCheck(campaign, engine),
        renderer: studio.renderers.of(null),
        signal,
      },
      drawing: { ...studio, gate },
      unjudgedOffers: unjudgedOffers(model),
      async close() {
        await gate.close();
        await eligibility.close();
      },
    };
  } catch (error) {
    await eligibility.close();
    throw error;
  }
}

/** Uses the margins and costs of the campaign as it is now, not as it was when the model was trained. */
function withCampaignTerms(model: OfferModel, { offers }: Campaign): OfferModel {
  return {
    ...model,
    offers: offers.map(({ id, product, margin, cost }) => ({ id, product, margin, cost })),
  };
}

/**
 * With an experiment, only offers that were part of it can be chosen; without, only products in the logs. A model that was
 * trained on no data has nothing about any offer, and all are drawn.
 */
function unjudgedOffers(model: OfferModel): string[] {
  if (isUntrained(model)) return [];
  const { offers, uplift, next } = model;
  const arms = new Set(uplift?.arms.map(({ offerId }) => offerId));
  const isKnown = ({ id, product }: OfferModel["offers"][number]) =>
    arms.size > 0 ? arms.has(id) : next?.manufacturers.includes(product) === true;
  return offers.filter((offer) => !isKnown(offer)).map(({ id }) => id);
}
