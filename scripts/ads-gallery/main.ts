import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CHANNELS, createRenderer, createTypesetter, TEMPLATES } from "../../src/ads/index.ts";
import { drawPreview } from "../../src/cli/preview-sheet.ts";
import { BRANDS, COPIES, sampleNames, samplePhoto } from "../../test/ads/samples.ts";

/**
 * Draws a gallery of what the ads stage makes: every template with several photos, brands and lengths of copy, each in
 * all channels on one sheet. `npx tsx scripts/ads-gallery/main.ts [folder]`; the folder (default `ads-gallery-out`) is
 * not committed.
 */

const folder = resolve(process.argv[2] ?? "ads-gallery-out");
const typesetter = await createTypesetter();
await mkdir(folder, { recursive: true });

for (const [turn, template] of TEMPLATES.entries()) {
  for (const index of [0, 1, 2]) {
    const brand = BRANDS[(turn + index) % BRANDS.length];
    const copy = COPIES[index % COPIES.length];
    const name = sampleNames[(turn + index * 2) % sampleNames.length];
    if (!brand || !copy || !name) throw new Error("no samples");
    const out = await mkdtemp(join(tmpdir(), "lookalike-gallery-"));
    try {
      const renderer = await createRenderer({ out, brand, channels: CHANNELS, template, typesetter });
      const { creatives } = await renderer.render({ copy, photo: await samplePhoto(name, index) });
      const files = creatives.map(({ file }) => join(out, file));
      const sheet = join(folder, `${template.id}-${index + 1}.png`);
      await writeFile(sheet, await drawPreview(creatives, files, typesetter));
      console.log(sheet);
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  }
}
