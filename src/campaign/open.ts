import { existsSync } from "node:fs";
import { LookalikeError, once } from "../core/index.ts";
import { type EngineSource, type FaceEngine, openEngineSource } from "../faces/index.ts";
import { type Gallery, type IndexOptions, type IndexReport, openGallery } from "../gallery/index.ts";
import { loadMetric } from "../learning/index.ts";
import { loadOfferModel, type OfferModel } from "../offers/index.ts";
import {
  type AuditLog,
  actorOf,
  type ConsentRegistry,
  findVault,
  openPrivacyFolder,
  openRegistry,
  type Vault,
} from "../trust/index.ts";
import { loadCampaign } from "./file/load.ts";
import { type AdRun, generateAds } from "./run/generate.ts";
import type { GenerateOptions } from "./run/open-run.ts";
import type { Campaign } from "./types.ts";

export interface OpenCampaignOptions {
  /** File with the key of encrypted data; default: the one in `env`, else no key. */
  readonly keyFile?: string | undefined;
  /** Environment variables with the key file and the actor; default: none. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Folder of the gallery; default: the campaign's. */
  readonly gallery?: string | undefined;
  /** File of the trained model; default: the campaign's. */
  readonly model?: string | undefined;
  /** An open engine, or how to open one; default: the defaults of `createFaceEngine`. */
  readonly engine?: EngineSource | undefined;
}

/** Options of a run in addition to the parts of the campaign. */
type RunOptions = Omit<
  GenerateOptions,
  "campaign" | "gallery" | "engine" | "model" | "consents" | "audit" | "vault"
>;

/** A campaign with all of its parts except its audit log. */
export interface CampaignParts extends AsyncDisposable {
  readonly campaign: Campaign;
  /** null: nothing is encrypted. */
  readonly vault: Vault | null;
  readonly consents: ConsentRegistry;
  /** @throws ERR_GALLERY_EMPTY there is no gallery, and the campaign has no photos to create it from */
  gallery(): Promise<Gallery>;
  engine(): Promise<FaceEngine>;
  /** @throws ERR_MODEL_UNREADABLE */
  model(): Promise<OfferModel>;
  close(): Promise<void>;
}

/**
 * A campaign with all of its parts. Gallery, engine and model are opened on first use, and closed with the
 * campaign.
 */
export interface OpenCampaign extends CampaignParts {
  readonly audit: AuditLog;
  /**
   * Indexes the campaign's photos if the gallery is empty, and records it in the audit log.
   *
   * @returns null if the gallery already has faces
   * @throws ERR_GALLERY_EMPTY the gallery is empty, and the campaign has no photos
   */
  indexIfEmpty(options?: IndexOptions): Promise<IndexReport | null>;
  /** Starts a run with all of these parts; read its decisions to the end. */
  generate(options: RunOptions): Promise<AdRun>;
}

/**
 * Opens a campaign: its file, key, consent registry, audit log, and on demand gallery, engine and model.
 *
 * @param path of `campaign.yaml`
 * @throws ERR_CAMPAIGN_INVALID, ERR_CONSENTS_REQUIRED, ERR_KEY_REQUIRED, ERR_KEY_WRONG, ERR_STORE_CORRUPT
 *
 * @example
 * await using opened = await openCampaign("campaign.yaml");
 * await opened.indexIfEmpty();
 * for await (const decision of await opened.generate({ out: "ads" })) console.log(decision.photo?.path);
 */
export async function openCampaign(path: string, options: OpenCampaignOptions = {}): Promise<OpenCampaign> {
  const { env = {}, keyFile } = options;
  const campaign = await loadCampaign(path);
  const vault = await findVault({ keyFile, env });
  // Created if missing, so that a run sees withdrawals recorded during its work.
  const { folder, database } = campaign.privacy;
  const privacy = await openPrivacyFolder(folder, { vault, actor: actorOf(env), database });
  const { consents, audit } = privacy;
  const parts = openParts({ campaign, vault, consents, path }, options);
  const { inputs } = campaign;
  const close = async () => {
    await parts.close();
    audit.close();
  };
  return {
    ...parts,
    audit,
    async indexIfEmpty(indexing = {}) {
      const found = await parts.gallery();
      if (found.embedderId !== null) return null;
      if (inputs.inventory.length === 0) throw emptyGallery(found.folder);
      const engine = await parts.engine();
      const report = await found.index(inputs.inventory, engine, indexing);
      audit.append("index", { detail: indexDetail(report, engine.embedder.id) });
      return report;
    },
    async generate(run) {
      const [gallery, engine, model] = [await parts.gallery(), await parts.engine(), await parts.model()];
      return generateAds({ ...run, gallery, engine, model, campaign, consents, audit, vault });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * Opens a campaign without its audit log: for processes on several machines, which cannot share that file.
 *
 * @throws as `openCampaign`
 */
export async function openCampaignParts(
  path: string,
  options: OpenCampaignOptions = {},
): Promise<CampaignParts> {
  const campaign = await loadCampaign(path);
  const vault = await findVault(options);
  const { folder, database } = campaign.privacy;
  const consents = await openRegistry(folder, { vault, database });
  return openParts({ campaign, vault, consents, path }, options);
}

interface Loaded extends Pick<CampaignParts, "campaign" | "vault" | "consents"> {
  readonly path: string;
}

function openParts({ path, ...loaded }: Loaded, options: OpenCampaignOptions): CampaignParts {
  const { campaign, vault, consents } = loaded;
  const { inputs } = campaign;
  const gallery = once(async () => {
    const { metric: file } = campaign.policy.resemblance;
    const metric = file === null ? null : await loadMetric(file);
    const mustExist = inputs.inventory.length === 0;
    return openGallery(options.gallery ?? inputs.gallery, { vault, metric, mustExist });
  });
  const source = once(() => openEngineSource(options.engine));
  const model = once(() => loadModel(options.model ?? inputs.model, path));
  const close = async () => {
    for (const part of [source.made(), gallery.made()]) await (await part?.catch(() => null))?.close();
    consents.close();
  };
  return {
    ...loaded,
    gallery,
    engine: async () => (await source()).engine,
    model,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The audit log's entry on an index run: counts and the network; no photos and no faces. */
export function indexDetail({ photos, faces, labels }: IndexReport, embedder: string) {
  return { ...photos, faces, labels: labels.applied, embedder };
}

async function loadModel(path: string, campaign: string): Promise<OfferModel> {
  if (existsSync(path)) return loadOfferModel(path);
  throw new LookalikeError("ERR_MODEL_UNREADABLE", `Expected a trained model but found none at ${path}`, {
    hint: `Train one first: lookalike train --campaign ${campaign} --model ${path}`,
  });
}

function emptyGallery(folder: string): LookalikeError {
  return new LookalikeError("ERR_GALLERY_EMPTY", `Expected faces in the gallery ${folder} but it is empty`, {
    hint: `Index the inventory first: lookalike index <photos> --gallery ${folder}`,
  });
}
