import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  type AdPhoto,
  createRenderer,
  createTypesetter,
  findChannel,
  type RenderedAd,
} from "../../src/ads/index.ts";
import {
  composeImage,
  cropImage,
  decodePhoto,
  encodeImage,
  type ImageLayer,
} from "../../src/io/image/index.ts";
import {
  BRANDS,
  COPIES,
  londonNames,
  londonPhoto,
  sampleNames,
  samplePhoto,
} from "../../test/ads/samples.ts";

/**
 * A campaign's ads in one channel on one sheet, ten photos with three offers each, and how many variants they have: ways
 * to divide the canvas, and sizes of headlines. `npx tsx scripts/ads-gallery/family.ts [--channel square-1080]`
 */

const { values } = parseArgs({
  options: {
    out: { type: "string", default: "ads-gallery-out" },
    template: { type: "string", default: "panel" },
    channel: { type: "string", multiple: true, default: ["square-1080"] },
  },
});
const CELL = 260;
const GAP = 12;
const COLUMNS = 10;

const folder = resolve(values.out);
await mkdir(folder, { recursive: true });
const typesetter = await createTypesetter();
const scratch = await mkdtemp(join(tmpdir(), "lookalike-family-"));
const [brand] = BRANDS;
if (!brand) throw new Error("no brand");
const groups = sampleNames.flatMap((name) => [0, 1].map((lead) => ({ name, lead })));
const candidates: AdPhoto[] = [
  ...(await Promise.all(londonNames.slice(0, 7).map(londonPhoto))),
  ...(await Promise.all(groups.map(({ name, lead }) => samplePhoto(name, lead)))),
];

/** Where photo and panel stand: what tells two variants apart. */
function variantOf({ layouts: [layout] }: RenderedAd): string {
  if (!layout) throw new Error("no layout");
  const { panel, picture } = layout;
  const places = [panel ?? layout.headline, picture.target];
  return places.map(({ x, y, width }) => [x, y, width].map(Math.round).join(",")).join(" ");
}

try {
  for (const id of values.channel) {
    const channel = findChannel(id);
    if (!channel) throw new Error(`no channel ${id}`);
    const family = { photos: candidates, copies: COPIES };
    const out = join(scratch, id);
    const template = values.template;
    const renderer = await createRenderer({ out, brand, channels: [channel], template, typesetter, family });
    const photos: AdPhoto[] = [];
    for (const photo of candidates) {
      const leads = await renderer.leads({ copy: COPIES[1] ?? { headline: "", body: "", cta: "" }, photo });
      if (leads && photos.length < 10) photos.push(photo);
    }
    const layers: ImageLayer[] = [];
    const variants = new Map<string, number>();
    const sizes = new Set<number>();
    for (const [row, copy] of COPIES.entries()) {
      for (const [column, photo] of photos.entries()) {
        const ad = await renderer.render({ copy, photo });
        variants.set(variantOf(ad), (variants.get(variantOf(ad)) ?? 0) + 1);
        sizes.add(Math.round(ad.layouts[0]?.letters.headline ?? 0));
        const { image } = await decodePhoto(join(out, ad.creatives[0]?.file ?? ""));
        const scale = Math.min(CELL / image.width, CELL / image.height);
        const whole = { x: 0, y: 0, width: image.width, height: image.height };
        const [width, height] = [Math.round(image.width * scale), Math.round(image.height * scale)];
        const shown = await cropImage(image, whole, width, height);
        layers.push({ image: shown, x: GAP + column * (CELL + GAP), y: GAP + row * (CELL + GAP) });
      }
    }
    const [width, height] = [COLUMNS, COPIES.length].map((count) => count * (CELL + GAP) + GAP);
    const sheet = await composeImage(width ?? 0, height ?? 0, "#d9d9de", layers);
    const file = join(folder, `family-${template}-${id}.png`);
    await writeFile(file, await encodeImage(sheet, { format: "png", quality: 100 }));
    const counts = [...variants.values()].sort((a, b) => b - a).join(" + ");
    console.log(
      `${file}: ${layers.length} ads, ${variants.size} variants (${counts}), headlines of ${[...sizes].join(", ")} px`,
    );
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
