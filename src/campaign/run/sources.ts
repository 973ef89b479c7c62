import type { CustomerReader, Customers, CustomersOptions } from "../../customers/index.ts";
import type { PersonalPolicy } from "../../experiments/index.ts";
import { customerColumns, type OfferModel } from "../../offers/index.ts";
import type { FeatureKind, KindsRequest } from "../../tables/index.ts";
import type { Campaign } from "../types.ts";
import { withDrift } from "./drift.ts";

/** The campaign's tables, as options of `openCustomers`. */
export function campaignSources({ inputs, offers }: Campaign): CustomersOptions {
  const { experiment } = inputs;
  return {
    ...customerSources(inputs),
    ...(experiment === null
      ? {}
      : {
          experiment: {
            source: experiment.path,
            mapping: experiment.columns,
            control: experiment.control,
            offers: new Map(offers.map(({ id, arm }) => [arm, id])),
            features: experiment.features ?? undefined,
          },
        }),
  };
}

/** CRM and logs without the past campaign: the tables needed for decisions. */
export function customerSources(inputs: Campaign["inputs"]): CustomersOptions {
  const { customers, calls, usage, purchases, logStart } = inputs;
  return {
    customers: { source: customers.path, mapping: customers.columns },
    ...(calls === null ? {} : { calls: { source: calls.path, mapping: calls.columns } }),
    ...(usage === null ? {} : { usage: { source: usage.path, mapping: usage.columns } }),
    ...(purchases === null ? {} : { purchases: { source: purchases.path, mapping: purchases.columns } }),
    logStart: logStart ?? undefined,
    manufacturers: inputs.manufacturers,
  };
}

export interface ModelReader {
  readonly reader: CustomerReader;
  /** The kind of each column. */
  readonly kinds: Readonly<Record<string, FeatureKind>>;
}

/**
 * Reads the customers with all their columns, which conditions and copy may use. The columns of the model and of the
 * learned policy are read with the kinds they were trained on, whatever the values in this file look like.
 */
export async function readForModel(
  customers: Customers,
  { model, policy }: { readonly model: OfferModel; readonly policy: PersonalPolicy | null },
  options: { readonly now: Date; readonly signal: AbortSignal | undefined },
): Promise<ModelReader> {
  let kinds: Readonly<Record<string, FeatureKind>> = {};
  const features: KindsRequest = (found) => {
    const ofPolicy = policy?.linear.schema.features.map(({ name, kind }) => [name, kind] as const) ?? [];
    kinds = { ...found, ...Object.fromEntries(ofPolicy), ...customerColumns(model) };
    return kinds;
  };
  const reader = await customers.read({ ...options, features });
  return { reader: withDrift(reader, model), kinds };
}
