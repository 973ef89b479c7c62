import { readFile } from "node:fs/promises";
import { z } from "zod";
import { notePath } from "../../ads/index.ts";
import type { Gallery, GalleryPhoto } from "../../gallery/index.ts";
import { adHash, type Decision, readDecisions, runFiles } from "../../handover/index.ts";
import type { Vault } from "../../trust/index.ts";

/** A distinct ad of a run: offer, texts and photo in all channels. It identifies no customer. */
export interface CatalogAd {
  readonly hash: string;
  readonly offer: string;
  readonly copy: NonNullable<Decision["copy"]>;
  readonly creatives: Decision["creatives"];
  readonly photo: string;
  readonly basis: string;
  /** Customers who get it. */
  readonly reach: number;
  /** Customers by the reason of their photo. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Histogram of the look-alikes' distances: customers in [0, 0.1), [0.1, 0.2), and so on; the last bin is open. */
  readonly distances: readonly number[];
  readonly warnings: readonly string[];
}

/** The contents of a run; read again when the run changes. */
export interface Catalog {
  readonly ads: ReadonlyMap<string, CatalogAd>;
  readonly photos: ReadonlyMap<string, CatalogPhoto>;
  /** Content hash of a photo, by path. */
  readonly hashOf: ReadonlyMap<string, string>;
  /** Customers who get ads with a photo, by path. */
  readonly reachOf: ReadonlyMap<string, number>;
  readonly customers: number;
  readonly offers: Readonly<Record<string, number>>;
  readonly reasons: Readonly<Record<string, number>>;
  /** Customers by arm, for each layer of the experiment. */
  readonly arms: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface CatalogPhoto {
  readonly hash: string;
  /** The first file with this content. */
  readonly photo: GalleryPhoto;
  /** All files with this content. */
  readonly paths: readonly string[];
}

const BINS = 20;

interface CatalogEntry extends Omit<CatalogAd, "reach" | "reasons" | "distances" | "warnings"> {
  reach: number;
  readonly reasons: Record<string, number>;
  readonly distances: number[];
}

/** @throws ERR_RUN_UNREADABLE, ERR_KEY_REQUIRED, ERR_KEY_WRONG */
export async function readCatalog(out: string, gallery: Gallery, vault: Vault | null): Promise<Catalog> {
  const entries = new Map<string, CatalogEntry>();
  const offers: Record<string, number> = {};
  const reasons: Record<string, number> = {};
  const arms: Record<string, Record<string, number>> = {};
  let customers = 0;
  for await (const decision of readDecisions(runFiles(out).decisions, vault)) {
    customers++;
    count(offers, decision.offer.id);
    countArms(arms, decision);
    if (decision.photo === null || decision.copy === null) continue;
    count(reasons, decision.photo.reason);
    const hash = adHash(decision.creatives);
    const entry = entries.get(hash) ?? entryOf(hash, decision);
    entries.set(hash, entry);
    entry.reach++;
    count(entry.reasons, decision.photo.reason);
    const bin = Math.min(BINS - 1, Math.floor((decision.photo.distance ?? -1) * 10));
    if (bin >= 0) entry.distances[bin] = (entry.distances[bin] ?? 0) + 1;
  }
  const ads = new Map<string, CatalogAd>();
  for (const entry of entries.values()) {
    ads.set(entry.hash, { ...entry, warnings: await warningsOf(out, entry.creatives) });
  }
  const photos = await photosOf(gallery);
  const hashOf = new Map(
    [...photos.values()].flatMap(({ hash, paths }) => paths.map((path) => [path, hash])),
  );
  return { ads, photos, hashOf, reachOf: reachOf(ads.values()), customers, offers, reasons, arms };
}

function reachOf(ads: Iterable<CatalogAd>): ReadonlyMap<string, number> {
  const reached = new Map<string, number>();
  for (const { photo, reach } of ads) reached.set(photo, (reached.get(photo) ?? 0) + reach);
  return reached;
}

function entryOf(hash: string, { offer, copy, creatives, photo }: Decision): CatalogEntry {
  return {
    hash,
    offer: offer.id,
    copy: copy ?? { headline: "", body: "", cta: "" },
    creatives,
    photo: photo?.path ?? "",
    basis: photo?.basis ?? "default",
    reach: 0,
    reasons: {},
    distances: new Array<number>(BINS).fill(0),
  };
}

function countArms(arms: Record<string, Record<string, number>>, { assignment }: Decision): void {
  const { holdout = null, offer = null, face = null, copy = null, template = null } = assignment ?? {};
  for (const [layer, drawn] of Object.entries({ holdout, offer, face, copy, template })) {
    if (drawn === null) continue;
    arms[layer] ??= {};
    count(arms[layer], drawn.arm);
  }
}

async function photosOf(gallery: Gallery): Promise<ReadonlyMap<string, CatalogPhoto>> {
  const photos = new Map<string, CatalogPhoto>();
  for await (const photo of gallery.photos()) {
    const { hash, path } = photo;
    const found = photos.get(hash);
    photos.set(hash, { hash, photo: found?.photo ?? photo, paths: [...(found?.paths ?? []), path] });
  }
  return photos;
}

const note = z.object({
  alt: z.string(),
  warnings: z.array(z.object({ channel: z.string(), message: z.string() })),
});

/** The file that the renderer writes beside a creative; null: it is missing or unreadable. */
export async function readNote(out: string, file: string): Promise<z.infer<typeof note> | null> {
  try {
    return note.parse(JSON.parse(await readFile(notePath(out, file), "utf8")));
  } catch {
    return null;
  }
}

async function warningsOf(out: string, creatives: Decision["creatives"]): Promise<readonly string[]> {
  const notes = await Promise.all(creatives.map(({ file }) => readNote(out, file)));
  return notes.flatMap(
    (found) => found?.warnings.map(({ channel, message }) => `${channel}: ${message}`) ?? [],
  );
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
