import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type AdPhoto, CHANNELS, createRenderer, createTypesetter, TEMPLATES } from "../../src/ads/index.ts";
import { drawPreview } from "../../src/campaign/sheets/preview.ts";
import {
  COPIES,
  hasLondon,
  londonNames,
  londonPhoto,
  sampleNames,
  samplePhoto,
} from "../../test/ads/samples.ts";
import { sampleBrands } from "../ads-samples/brands.ts";

/**
 * Draws a gallery of what the ads stage makes: every template with group photos and, where they are, portraits, with
 * each brand and length of copy in turn, in all channels on one sheet. `npm run gallery:ads [folder]`; the folder
 * (default `ads-gallery-out`) is not committed.
 */

const folder = resolve(process.argv[2] ?? "ads-gallery-out");
const typesetter = await createTypesetter();
await mkdir(folder, { recursive: true });
const logos = await mkdtemp(join(tmpdir(), "lookalike-logos-"));
const brands = await sampleBrands(logos);

/** Group photos first; every third picture is a portrait. */
function photoOf(turn: number): Promise<AdPhoto> {
  const portrait = londonNames[turn % londonNames.length];
  if (turn % 3 === 2 && hasLondon && portrait !== undefined) return londonPhoto(portrait);
  return samplePhoto(sampleNames[turn % sampleNames.length] ?? "", turn % 3);
}

try {
  for (const [turn, template] of TEMPLATES.entries()) {
    for (const index of [0, 1, 2]) {
      const brand = brands[(turn + index) % brands.length];
      const copy = COPIES[index % COPIES.length];
      if (!brand || !copy) throw new Error("no samples");
      const out = await mkdtemp(join(tmpdir(), "lookalike-gallery-"));
      try {
        const renderer = await createRenderer({ out, brand, channels: CHANNELS, template, typesetter });
        const { creatives } = await renderer.render({ copy, photo: await photoOf(turn + index * 2) });
        const files = creatives.map(({ file }) => join(out, file));
        const sheet = join(folder, `${template.id}-${index + 1}.png`);
        await writeFile(sheet, await drawPreview([{ creatives, files }], typesetter));
        console.log(sheet);
      } finally {
        await rm(out, { recursive: true, force: true });
      }
    }
  }
} finally {
  await rm(logos, { recursive: true, force: true });
}
