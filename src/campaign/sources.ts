import { type CustomersOptions, openCustomers } from "../customers/index.ts";
import type { Campaign } from "./types.ts";

/** The campaign's tables, as the customers stage opens them. */
export function campaignSources({ inputs, offers }: Campaign): CustomersOptions {
  const { customers, calls, usage, experiment, logStart } = inputs;
  return {
    customers: { source: customers.path, mapping: customers.columns },
    ...(calls === null ? {} : { calls: { source: calls.path, mapping: calls.columns } }),
    ...(usage === null ? {} : { usage: { source: usage.path, mapping: usage.columns } }),
    ...(experiment === null
      ? {}
      : {
          experiment: {
            source: experiment.path,
            mapping: experiment.columns,
            control: experiment.control,
            offers: offers.map(({ id }) => id),
            features: experiment.features ?? undefined,
          },
        }),
    logStart: logStart ?? undefined,
  };
}

/** Opens CRM and logs, and not the experiment: what deciding for customers needs. */
export async function openCampaignCustomers(campaign: Campaign) {
  const { experiment: _, ...sources } = campaignSources(campaign);
  return openCustomers(sources);
}
