import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { CHANNELS, type Creative } from "../../src/ads/index.ts";
import {
  type Decision,
  type ManifestOffer,
  type RunManifest,
  writeManifest,
} from "../../src/handover/index.ts";
import { hashBytes } from "../../src/io/files.ts";
import { cropImage, type DecodedPhoto, decodePhoto, encodeImage } from "../../src/io/image/index.ts";

/** A finished run's output folder, as `generate` leaves it, without the faces and models that lead there. */

const SAMPLES = join(
  dirname(createRequire(import.meta.url).resolve("@vladmandic/face-api/package.json")),
  "demo",
);

export const OFFERS: readonly ManifestOffer[] = [
  {
    id: "apple",
    product: "Apple",
    copy: {
      headline: "Your next iPhone is on us",
      body: "Trade in and pay nothing today.",
      cta: "See my price",
    },
    placeholders: [],
    url: "https://lumo.example/apple?shop=1",
    price: 32,
  },
  {
    id: "samsung",
    product: "Samsung",
    copy: { headline: "Galaxy, watch and buds", body: "All three from 29 EUR a month.", cta: "Build it" },
    placeholders: [],
    url: "https://lumo.example/samsung",
    price: 29,
  },
];

export function manifest(channelIds: readonly string[], changes: Partial<RunManifest> = {}): RunManifest {
  return {
    version: 1,
    campaign: "Spring & <summer>",
    currency: "EUR",
    brand: { name: "Lumo", colors: { primary: "#5b2be0", ink: "#14101f", paper: "#ffffff" } },
    at: "2026-11-21T08:00:00.000Z",
    channels: CHANNELS.filter(({ id }) => channelIds.includes(id)).map(
      ({ id, width, height, format, platform }) => {
        return { id, width, height, format, platform };
      },
    ),
    offers: [...OFFERS],
    policy: { minDistance: 0, maxDistance: 0.8, holdout: 0.1 },
    rows: { read: 10, refused: 0 },
    unjudgedOffers: [],
    warnings: [],
    ...changes,
  };
}

export const CHANNEL_IDS = ["square-1080", "rectangle-300x250", "email-hero"] as const;

/** The creatives of one ad; their files are named and not written. */
export function creatives(ad: string, run: RunManifest): Creative[] {
  return run.channels.map(({ id, width, height, format }) => {
    const file = `creatives/${id}/${hashBytes(ad).slice(0, 20)}.${format === "jpeg" ? "jpg" : format}`;
    return { channel: id, file, width, height, bytes: 20_000, sha256: hashBytes(file) };
  });
}

export function shown(customerId: string, offer: ManifestOffer, run: RunManifest, photo?: string): Decision {
  const name = photo ?? "default.jpg";
  return {
    customer_id: customerId,
    offer: { id: offer.id, basis: "uplift", uplift: 0.1, lift: 1.5, expected_value: 10 },
    photo: {
      path: `/somewhere/photos/${name}`,
      basis: photo === undefined ? "default" : "lookalike",
      distance: photo === undefined ? null : 0.5,
      reason: photo === undefined ? "no_consent" : "nearest",
    },
    copy: offer.copy,
    creatives: creatives(`${offer.id} ${name}`, run),
    models: { faces: "embedder 1", offers: "abc" },
  };
}

export function heldOut(customerId: string): Decision {
  return {
    customer_id: customerId,
    offer: { id: "none", basis: "holdout", uplift: null, lift: null, expected_value: null },
    photo: null,
    copy: null,
    creatives: [],
    models: { faces: "embedder 1", offers: "abc" },
  };
}

export async function writeRun(out: string, run: RunManifest, decisions: readonly Decision[]): Promise<void> {
  await mkdir(out, { recursive: true });
  await writeManifest(out, run);
  const lines = decisions.map((decision) => `${JSON.stringify(decision)}\n`);
  await writeFile(join(out, "decisions.jsonl"), lines.join(""));
}

/** Gives the creatives of decisions a picture each, cut from the sample photos. */
export async function writeCreatives(out: string, decisions: readonly Decision[]): Promise<void> {
  const seen = new Set<string>();
  const decoded = new Map<string, Promise<DecodedPhoto>>();
  const sample = (name: string) => {
    const known = decoded.get(name) ?? decodePhoto(join(SAMPLES, name), { maxSide: 1400 });
    decoded.set(name, known);
    return known;
  };
  for (const creative of decisions.flatMap((decision) => decision.creatives)) {
    if (seen.has(creative.file)) continue;
    seen.add(creative.file);
    const { image } = await sample(`sample${1 + ((seen.size + Math.floor(seen.size / 6)) % 6)}.jpg`);
    const aspect = creative.width / creative.height;
    const width = Math.min(image.width, image.height * aspect);
    const region = { x: (image.width - width) / 2, y: 0, width, height: width / aspect };
    const picture = await cropImage(image, region, creative.width, creative.height);
    await mkdir(dirname(join(out, creative.file)), { recursive: true });
    await writeFile(
      join(out, creative.file),
      await encodeImage(picture, { format: "jpeg", quality: 60, effort: "fast" }),
    );
  }
}
