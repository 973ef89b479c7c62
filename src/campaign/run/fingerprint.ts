import { readdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { FaceEngine } from "../../faces/index.ts";
import type { Gallery } from "../../gallery/index.ts";
import { hashBytes, hashFile } from "../../io/files.ts";
import type { OfferModel } from "../../offers/index.ts";
import type { Campaign } from "../types.ts";

/**
 * A hash of everything that a run's decisions depend on except the time and the portraits. Two runs with the
 * same fingerprint decide the same, so that one can resume the other.
 */
export async function fingerprintRun(run: {
  readonly campaign: Campaign;
  readonly gallery: Gallery;
  readonly model: OfferModel;
  readonly engine: FaceEngine;
  readonly selection: ReadonlySet<string> | null;
  /** Version of the consent registry: after a withdrawal or an erasure no earlier decision is reused. */
  readonly consents: number | null;
}): Promise<string> {
  const { campaign, gallery, model, engine, selection, consents } = run;
  const { calls, usage, customers: crm } = campaign.inputs;
  const { default: photo, exclusions } = campaign.photos;
  const files = [crm.path, calls?.path, usage?.path, photo, campaign.brand.logo, exclusions];
  const parts = [
    campaign.hash,
    engine.embedder.id,
    hashBytes(JSON.stringify(model)),
    await fingerprintGallery(gallery),
    String(consents),
    selection === null ? "everyone" : hashBytes(JSON.stringify([...selection].sort())),
    ...(await Promise.all(files.map((path) => (path ? fingerprintPath(path) : "none")))),
  ];
  return hashBytes(parts.join("\n"));
}

/**
 * A hash of everything except the customers that decisions depend on, with files by their contents. Machines
 * with the same hash decide the same, wherever their files are.
 */
export async function fingerprintWork(run: {
  readonly campaign: Campaign;
  readonly gallery: Gallery;
  readonly model: OfferModel;
  readonly engine: FaceEngine;
}): Promise<string> {
  const { campaign, gallery, model, engine } = run;
  const { photos, brand, policy } = campaign;
  const files = [photos.default, brand.logo, photos.exclusions, policy.resemblance.metric];
  const parts = [
    campaign.hash,
    engine.embedder.id,
    String(engine.featuresId),
    hashBytes(JSON.stringify(model)),
    await fingerprintGallery(gallery),
    ...(await Promise.all(files.map((path) => (path ? hashFile(path).catch(() => "none") : "none")))),
  ];
  return hashBytes(parts.join("\n"));
}

async function fingerprintGallery(gallery: Gallery): Promise<string> {
  let hash = gallery.embedderId ?? "";
  for await (const { path, hash: file, tags, release, focus, lead } of gallery.photos()) {
    hash = hashBytes(JSON.stringify([hash, path, file, tags, release, focus, ...(lead ?? [])]));
  }
  return hash;
}

/** Size and time of a file, or of all files of a folder or a glob. */
async function fingerprintPath(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return `${path} ${found.size} ${found.mtimeMs}`;
  // A missing file, such as exclusions that were never written, adds nothing.
  if (found === null && !/[*?[{]/.test(path)) return `${path} missing`;
  const folder = found === null ? dirname(path) : path;
  const names = await readdir(folder).catch(() => []);
  const files = names.toSorted().map(async (name) => {
    const entry = await stat(`${folder}/${name}`).catch(() => null);
    return `${name} ${entry?.size} ${entry?.mtimeMs}`;
  });
  return `${path} ${(await Promise.all(files)).join(" ")}`;
}
