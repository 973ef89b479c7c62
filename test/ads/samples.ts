import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { AdCopy, AdPhoto, Brand } from "../../src/ads/index.ts";
import { hashFile } from "../../src/io/files.ts";

/** Photos with their measured faces, and the ads that tests make of them. */

interface MeasuredPhoto {
  readonly width: number;
  readonly height: number;
  readonly faces: AdPhoto["faces"];
}

const measured = JSON.parse(
  readFileSync(join(import.meta.dirname, "fixtures/faces.json"), "utf8"),
) as Readonly<Record<"samples" | "london", Readonly<Record<string, MeasuredPhoto>>>>;

const SAMPLES = join(
  dirname(createRequire(import.meta.url).resolve("@vladmandic/face-api/package.json")),
  "demo",
);
const LONDON = resolve(import.meta.dirname, "../../../shared/data/london/smiling");

export const hasLondon = existsSync(LONDON);
export const sampleNames = Object.keys(measured.samples);
export const londonNames = Object.keys(measured.london);

/** Group photos of three to five women, 1920 px wide. */
export function samplePhoto(name: string, leadFace: number | null = 0): Promise<AdPhoto> {
  return photoOf(join(SAMPLES, name), measured.samples[name], leadFace);
}

/** Portraits that fill 900 x 900 px. */
export function londonPhoto(name: string): Promise<AdPhoto> {
  return photoOf(join(LONDON, name), measured.london[name], 0);
}

async function photoOf(
  path: string,
  found: MeasuredPhoto | undefined,
  leadFace: number | null,
): Promise<AdPhoto> {
  if (!found) throw new Error(`no measured faces of ${path}`);
  return { path, hash: await hashFile(path), ...found, leadFace, focus: null };
}

export const BRANDS: readonly Brand[] = [
  { name: "Northline", logo: null, colors: { primary: "#1b4dff", ink: "#0b1030", paper: "#ffffff" } },
  { name: "Voltera", logo: null, colors: { primary: "#ffd02b", ink: "#17130a", paper: "#fffaf0" } },
  { name: "bloom", logo: null, colors: { primary: "#d6246e", ink: "#2a0616", paper: "#fff5f8" } },
  { name: "Greyscale", logo: null, colors: { primary: "#777777", ink: "#555555", paper: "#999999" } },
];

export const COPIES: readonly AdCopy[] = [
  { headline: "Galaxy for you", body: "128 GB, 29 EUR a month", cta: "See the offer" },
  {
    headline: "Make the switch to iPhone",
    body: "The new iPhone with 128 GB from 32 EUR a month. Switch and keep your number.",
    cta: "Get yours",
  },
  {
    headline: "Pixel. The camera that sees you exactly as you are",
    body: "Trade in your old phone and save up to 200 EUR. Offer ends on 30 November 2026, while stocks last.",
    cta: "Trade in now",
  },
];
