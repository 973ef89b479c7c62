import { type Campaign, findCirculation, type RunParts } from "../../campaign/index.ts";
import { createApprovals, type RunRecords } from "../../handover/index.ts";
import { openResponder, type Responder } from "../decide/responder.ts";
import type { AdContent, RunIndex } from "../decide/run-index.ts";
import { load } from "./loaded.ts";
import type { ReloadingOptions, ServiceCampaign } from "./options.ts";

/** A responder, and what it has open. */
export interface Current {
  readonly responder: Responder;
  readonly campaign: Campaign;
  close(): Promise<void>;
}

/** Releases of photos end by time, without a change of any file. */
const RELEASES_EVERY_MS = 60_000;

/** @param keep the index of the run, if the run did not change */
export async function openCurrent(
  options: ReloadingOptions,
  opened: ServiceCampaign,
  keep: RunIndex | undefined,
): Promise<Current> {
  const { template, out, nameOf, records, writer, now, onError } = options;
  try {
    const { campaign, consents, audit, vault } = opened;
    const gallery = await opened.gallery();
    const [engine, model] = [await opened.engine(), await opened.model()];
    const parts = { campaign, gallery, engine, model, out, consents, audit, vault, template, now };
    const loaded = await load({ parts, out, nameOf, keep });
    const released = await watchReleases(parts, { now, onError });
    const responder = openResponder({
      ...loaded,
      consents,
      crmConsent: campaign.privacy.crmConsent,
      records,
      writer,
      nameOf,
      urls: new Map(campaign.offers.map(({ id, url }) => [id, url])),
      budgets: new Map(campaign.offers.flatMap(({ id, budget }) => (budget === null ? [] : [[id, budget]]))),
      endedPhotos: released.endedPhotos,
      mayShow: campaign.policy.approval === "required" ? approvedContent(records) : undefined,
      now,
      onError,
    });
    return {
      responder,
      campaign,
      async close() {
        released.close();
        await responder.close();
        await loaded.decider.close();
        await opened.close();
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

function approvedContent(records: RunRecords): (content: Pick<AdContent, "creatives">) => boolean {
  const isApproved = createApprovals(records);
  return ({ creatives }) => isApproved(creatives);
}

type GalleryParts = Pick<RunParts, "gallery" | "campaign">;

async function watchReleases(
  parts: GalleryParts,
  { now, onError }: Pick<ReloadingOptions, "now" | "onError">,
) {
  let ended = await findEnded(parts, now());
  const timer = setInterval(() => {
    findEnded(parts, now()).then((found) => {
      ended = found;
    }, onError);
  }, RELEASES_EVERY_MS);
  timer.unref();
  return { endedPhotos: () => ended, close: () => clearInterval(timer) };
}

async function findEnded({ gallery, campaign }: GalleryParts, at: Date): Promise<ReadonlySet<string>> {
  const ended = await findCirculation({ gallery, outs: [], photos: campaign.photos, at });
  return new Set(ended.map(({ photo }) => photo));
}
