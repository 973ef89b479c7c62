import { join } from "node:path";
import { type Campaign, findCirculation, type OpenCampaign, type RunParts } from "../../campaign/index.ts";
import { createApprovals, type RecordWriter, type RunRecords, runFiles } from "../../handover/index.ts";
import { loading } from "../api/errors.ts";
import { type Desk, openDesk } from "../decide/desk.ts";
import type { RunIndex, Shape } from "../decide/run-index.ts";
import type { NameDecision } from "../decide/token.ts";
import { load } from "./loaded.ts";
import { type Watch, watchFiles } from "./watch.ts";

/** A campaign as `openCampaign` opens it; `close()` closes all of it. */
export type ServiceCampaign = Pick<
  OpenCampaign,
  "campaign" | "vault" | "consents" | "audit" | "gallery" | "engine" | "model" | "close"
>;

export interface HolderOptions {
  /** Opens the campaign as its files are now. */
  readonly open: () => Promise<ServiceCampaign>;
  /** What is open already. */
  readonly opened: ServiceCampaign;
  /** How ads are laid out; default `panel`. */
  readonly template: string | undefined;
  readonly out: string;
  readonly nameOf: NameDecision;
  readonly records: RunRecords;
  readonly writer: RecordWriter;
  readonly now: () => Date;
  readonly onError: (error: unknown) => void;
  readonly onReload: (result: "done" | "failed", error: unknown) => void;
}

/** Keeps the present desk, and replaces it as a whole when its files change. */
export interface DeskHolder {
  /** @throws ERR_SERVICE_LOADING */
  desk(): Desk;
  /** Why the last change was not taken over; null: it was. */
  readonly stale: string | null;
  close(): Promise<void>;
}

interface Current {
  readonly desk: Desk;
  readonly campaign: Campaign;
  close(): Promise<void>;
}

/** Requests that began with the former parts have ended by then: they time out after 15 s. */
const GRACE_MS = 20_000;
/** Releases end by time too. */
const RELEASES_EVERY_MS = 60_000;

export async function holdDesk(options: HolderOptions): Promise<DeskHolder> {
  const { open, out, onReload } = options;
  let current: Current | null = null;
  let stale: string | null = null;
  const retiring = new Set<Promise<void>>();
  const closing = new AbortController();

  const replace = (next: Current) => {
    const former = current;
    current = next;
    if (former === null) return;
    const closed = waitOr(GRACE_MS, closing.signal).then(() => former.close());
    retiring.add(closed);
    void closed.catch(options.onError).finally(() => retiring.delete(closed));
  };

  const reload = async (changed: ReadonlySet<"run" | "campaign">) => {
    try {
      const keep = changed.has("run") ? undefined : current?.desk.index;
      replace(await openCurrent(options, await open(), keep));
      stale = null;
      onReload("done", null);
    } catch (error) {
      stale = error instanceof Error ? error.message : String(error);
      onReload("failed", error);
    }
  };

  const filesNow = () => ({
    run: [runFiles(out).decisions, runFiles(out).manifest],
    campaign: filesOf((current ?? options.opened).campaign),
  });
  const watch: Watch = await watchFiles({ files: filesNow, onChange: reload });
  current = await openCurrent(options, options.opened, undefined).catch((error) => {
    watch.close();
    throw error;
  });
  return {
    desk: () => {
      if (current === null) throw loading("Expected a loaded campaign but it is still loading");
      return current.desk;
    },
    get stale() {
      return stale;
    },
    async close() {
      watch.close();
      closing.abort();
      await Promise.all(retiring);
      await current?.close();
    },
  };
}

async function openCurrent(
  options: HolderOptions,
  opened: ServiceCampaign,
  keep: RunIndex | undefined,
): Promise<Current> {
  const { out, nameOf, records, writer, now, onError } = options;
  try {
    const { campaign, consents, audit, vault } = opened;
    const gallery = await opened.gallery();
    const [engine, model] = [await opened.engine(), await opened.model()];
    const { template } = options;
    const parts = { campaign, gallery, engine, model, out, consents, audit, vault, template, now };
    const loaded = await load({ parts, out, nameOf, keep });
    let ended = await findEnded(parts, now());
    const timer = setInterval(() => {
      findEnded(parts, now()).then((found) => {
        ended = found;
      }, onError);
    }, RELEASES_EVERY_MS);
    timer.unref();
    const desk = openDesk({
      ...loaded,
      consents,
      crmConsent: campaign.privacy.crmConsent,
      records,
      writer,
      nameOf,
      urls: new Map(campaign.offers.map(({ id, url }) => [id, url])),
      budgets: new Map(campaign.offers.flatMap(({ id, budget }) => (budget === null ? [] : [[id, budget]]))),
      endedPhotos: () => ended,
      mayShow: campaign.policy.approval === "required" ? approvedShapes(records) : undefined,
      now,
      onError,
    });
    return {
      desk,
      campaign,
      async close() {
        clearInterval(timer);
        await desk.close();
        await loaded.decider.close();
        await opened.close();
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

function approvedShapes(records: RunRecords): (shape: Pick<Shape, "creatives">) => boolean {
  const isApproved = createApprovals(records);
  return ({ creatives }) => isApproved(creatives);
}

async function findEnded(
  { gallery, campaign }: Pick<RunParts, "gallery" | "campaign">,
  at: Date,
): Promise<ReadonlySet<string>> {
  const ended = await findCirculation({ gallery, outs: [], photos: campaign.photos, at });
  return new Set(ended.map(({ photo }) => photo));
}

function filesOf({ path, inputs, photos, brand }: Campaign): string[] {
  const gallery = ["gallery.db", "gallery.db-wal"].map((name) => join(inputs.gallery, name));
  const tables = [inputs.customers, inputs.calls, inputs.usage].flatMap((input) =>
    input === null ? [] : [input.path],
  );
  return [
    path,
    photos.exclusions,
    inputs.model,
    ...gallery,
    ...tables,
    photos.default,
    ...(brand.logo === null ? [] : [brand.logo]),
  ];
}

function waitOr(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    timer.unref();
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
