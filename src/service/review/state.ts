import { stat } from "node:fs/promises";
import type { Campaign } from "../../campaign/index.ts";
import { readExclusions } from "../../campaign/index.ts";
import type { FaceEngine } from "../../faces/index.ts";
import type { Gallery } from "../../gallery/index.ts";
import { type RunRecords, runFiles } from "../../handover/index.ts";
import type { AuditLog, Vault } from "../../trust/index.ts";
import { createFairQueue, type FairQueue } from "../fair-queue.ts";
import { type Catalog, readCatalog } from "./catalog.ts";
import { createPreviewer, type Previewer } from "./preview.ts";
import { createResults } from "./results.ts";
import type { CampaignView, ResultsView } from "./schemas.ts";
import { createThumbnails, type Thumbnail } from "./thumbs.ts";
import type { ViewParts } from "./views.ts";

/** The state of the review pages. */
export interface ReviewState {
  readonly campaign: Campaign;
  readonly out: string;
  readonly audit: AuditLog | null;
  readonly reviews: RunRecords["reviews"];
  readonly thumbnail: Thumbnail;
  readonly previewer: Previewer;
  /** The current run; read again when its files have changed. */
  parts(): Promise<ViewParts>;
  campaignView(): Promise<CampaignView>;
  /** null: no outcomes were reported, or the run is too large to read them here. */
  results(): Promise<ResultsView | null>;
  /** Changes files of the campaign, one at a time, so that no change overwrites another. */
  readonly change: FairQueue;
  /** Applies a changed labels file to the gallery; unchanged photos are not read again. */
  reindex(): Promise<void>;
  close(): Promise<void>;
}

export interface ReviewStateOptions {
  readonly campaign: Campaign;
  readonly out: string;
  readonly gallery: Gallery;
  readonly engine: () => Promise<FaceEngine>;
  readonly records: RunRecords;
  readonly audit: AuditLog | null;
  readonly vault: Vault | null;
  readonly template: string | undefined;
  readonly now: () => Date;
}

export function openReviewState(options: ReviewStateOptions): ReviewState {
  const { campaign, out, gallery, records, audit, vault } = options;
  const readResults = createResults({ out, records, vault, now: options.now });
  const previewer = createPreviewer(campaign, gallery, options.template);
  let read: { readonly of: string; readonly catalog: Promise<Catalog> } | null = null;
  let indexed = 0;

  const catalogNow = async (): Promise<Catalog> => {
    const found = await stat(runFiles(out).decisions);
    const of = `${found.mtimeMs} ${found.size} ${indexed}`;
    if (read?.of === of) return read.catalog;
    const catalog = readCatalog(out, gallery, vault);
    read = { of, catalog };
    // After an error, the next request reads the run again.
    catalog.catch(() => {
      if (read?.catalog === catalog) read = null;
    });
    return catalog;
  };

  const parts = async (): Promise<ViewParts> => ({
    catalog: await catalogNow(),
    reviews: records.reviews,
    exclusions: await readExclusions(campaign.photos.exclusions),
    out,
  });

  return {
    campaign,
    out,
    audit,
    reviews: records.reviews,
    thumbnail: createThumbnails(),
    previewer,
    change: createFairQueue(),
    parts,
    async campaignView() {
      const { ads, customers, offers, reasons, arms } = await catalogNow();
      const standings = records.reviews.standings("ad");
      const states: Record<string, number> = { draft: 0, in_review: 0, approved: 0, changes_requested: 0 };
      for (const hash of ads.keys()) {
        const { state } = standings.get(hash) ?? { state: "draft" };
        states[state] = (states[state] ?? 0) + 1;
      }
      return {
        name: campaign.name,
        approval: campaign.policy.approval,
        customers,
        ads: ads.size,
        states,
        offers: { ...offers },
        reasons: { ...reasons },
        arms: { ...arms },
        ...records.counts(),
      };
    },
    results: async () => readResults((await catalogNow()).customers),
    async reindex() {
      if (campaign.inputs.inventory.length > 0) {
        await gallery.index(campaign.inputs.inventory, await options.engine());
      }
      indexed++;
    },
    close: () => previewer.close(),
  };
}
