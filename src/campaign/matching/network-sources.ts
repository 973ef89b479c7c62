import { LookalikeError } from "../../core/index.ts";
import { type CustomersOptions, isNetworkFeature } from "../../customers/index.ts";
import { customerColumns, type OfferModel } from "../../offers/index.ts";
import {
  type ConsentRegistry,
  hasRegistry,
  openConsents,
  privacyFiles,
  type Vault,
} from "../../trust/index.ts";
import type { Campaign } from "../types.ts";

/** The ties that a campaign may use, as options of `openCustomers`. */
export type NetworkSources = CustomersOptions["network"];

/**
 * Ties between people who consent to the purpose `network` at a moment; undefined: there is no call log or no
 * registry.
 */
function networkSources(
  { inputs, privacy }: Campaign,
  consents: ConsentRegistry | null,
  at: Date,
): NetworkSources {
  const { calls, messages } = inputs;
  if (calls === null || consents === null) return undefined;
  return {
    people: consents.consenting("network", { at, jurisdiction: privacy.jurisdiction }),
    ...(messages === null ? {} : { messages: { source: messages.path, mapping: messages.columns } }),
  };
}

/** Whether the campaign's face layer has the arm `influencer`. */
export function hasInfluencerArm({ experiment }: Pick<Campaign, "experiment">): boolean {
  return experiment.faces?.some(({ arm, share }) => arm === "influencer" && share > 0) ?? false;
}

/**
 * The ties that a run needs, for its model or for its face layer; undefined: none.
 *
 * @throws ERR_CAMPAIGN_INVALID the arm `influencer` without a call log or without a consent registry
 */
export function networkForRun(
  campaign: Campaign,
  model: OfferModel,
  { consents, at }: { readonly consents: ConsentRegistry | null; readonly at: Date },
): NetworkSources {
  const isOfModel = Object.keys(customerColumns(model)).some(isNetworkFeature);
  if (!isOfModel && !hasInfluencerArm(campaign)) return undefined;
  const sources = networkSources(campaign, consents, at);
  if (sources === undefined && hasInfluencerArm(campaign)) {
    const lacking = campaign.inputs.calls === null ? "a call log" : "a privacy section";
    throw new LookalikeError(
      "ERR_CAMPAIGN_INVALID",
      `Expected ${lacking} for experiment.faces.influencer but received none`,
      { hint: "Add inputs.calls and a privacy section, or leave the arm out." },
    );
  }
  // Without a registry no customer consents; the model's columns exist but are empty.
  return sources ?? { people: [] };
}

/** The ties for training; undefined: no customer consents, or there is no call log or registry. */
export async function networkForTraining(
  campaign: Campaign,
  { vault, at }: { readonly vault: Vault | null; readonly at: Date },
): Promise<NetworkSources> {
  const { folder } = campaign.privacy;
  if (campaign.inputs.calls === null || !hasRegistry(folder)) return undefined;
  const consents = await openConsents(privacyFiles(folder).consents, { vault });
  try {
    const sources = networkSources(campaign, consents, at);
    const people = [...(sources?.people ?? [])];
    return sources === undefined || people.length === 0 ? undefined : { ...sources, people };
  } finally {
    consents.close();
  }
}
