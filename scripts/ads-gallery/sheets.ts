import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import {
  type AdCopy,
  type AdPhoto,
  type AdRenderer,
  CHANNELS,
  createRenderer,
  createTypesetter,
  isChannelAlike,
  TEMPLATES,
  type Template,
} from "../../src/ads/index.ts";
import {
  composeImage,
  cropImage,
  decodePhoto,
  encodeImage,
  type ImageLayer,
} from "../../src/io/image/index.ts";
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
 * A sheet of 40 ads for each template, to be looked at: every channel at least twice, portraits and group photos,
 * brands and lengths of copy in turn. Photos that cannot lead in a channel are left out, as matching does.
 * `npx tsx scripts/ads-gallery/sheets.ts [--out folder] [--template panel] [--count 40]`
 */

const { values } = parseArgs({
  options: {
    out: { type: "string", default: "ads-gallery-out" },
    template: { type: "string", multiple: true, default: TEMPLATES.map(({ id }) => id) },
    count: { type: "string", default: "40" },
  },
});
const CELL = 300;
const GAP = 14;
const COLUMNS = 8;

const folder = resolve(values.out);
const count = Number(values.count);
await mkdir(folder, { recursive: true });
const typesetter = await createTypesetter();
const scratch = await mkdtemp(join(tmpdir(), "lookalike-sheets-"));
// Logos as PNG: an SVG is drawn by a process of its own for every renderer.
const brands = await Promise.all(
  (await sampleBrands(join(scratch, "logos"))).map(async (brand) => {
    if (brand.logo === null) return brand;
    const logo = `${brand.logo}.png`;
    await sharp(brand.logo, { density: 600 }).png().toFile(logo);
    return { ...brand, logo };
  }),
);
const channels = CHANNELS.filter(
  (channel, index) => CHANNELS.findIndex((other) => isChannelAlike(other, channel)) === index,
);

/** Portraits and, every third time, a group led by each of its people in turn. */
async function photoFor(turn: number, renderer: AdRenderer, copy: AdCopy): Promise<AdPhoto> {
  const portrait = londonNames[turn % londonNames.length];
  const groups = sampleNames.flatMap((name) => [0, 1, 2].map((lead) => ({ name, lead })));
  if ((turn % 3 !== 2 || groups.length === 0) && hasLondon && portrait !== undefined)
    return londonPhoto(portrait);
  for (let step = 0; step < groups.length; step++) {
    const { name, lead } = groups[(turn + step) % groups.length] ?? { name: "", lead: 0 };
    const photo = await samplePhoto(name, lead);
    if (await renderer.leads({ copy, photo })) return photo;
  }
  return samplePhoto(sampleNames[0] ?? "", 0);
}

async function drawSheet(template: Template): Promise<Buffer> {
  const layers: ImageLayer[] = [];
  for (let turn = 0; turn < count; turn++) {
    const channel = channels[turn % channels.length];
    // Steps without a common divisor, so that each channel meets other brands and copies the next time.
    const brand = brands[(turn * 2 + Math.floor(turn / channels.length)) % brands.length];
    const copy = COPIES[(turn + Math.floor(turn / channels.length)) % COPIES.length];
    if (!channel || !brand || !copy) throw new Error("no samples");
    const out = join(scratch, `${template.id}-${turn}`);
    const renderer = await createRenderer({ out, brand, channels: [channel], template, typesetter });
    const { creatives } = await renderer.render({ copy, photo: await photoFor(turn, renderer, copy) });
    const { image } = await decodePhoto(join(out, creatives[0]?.file ?? ""));
    const scale = Math.min(CELL / image.width, CELL / image.height);
    const [width, height] = [Math.round(image.width * scale), Math.round(image.height * scale)];
    const shown = await cropImage(
      image,
      { x: 0, y: 0, width: image.width, height: image.height },
      width,
      height,
    );
    const x = GAP + (turn % COLUMNS) * (CELL + GAP) + Math.round((CELL - width) / 2);
    const y = GAP + Math.floor(turn / COLUMNS) * (CELL + GAP) + Math.round((CELL - height) / 2);
    layers.push({ image: shown, x, y });
    await rm(out, { recursive: true, force: true });
  }
  const rows = Math.ceil(count / COLUMNS);
  const sheet = await composeImage(
    COLUMNS * (CELL + GAP) + GAP,
    rows * (CELL + GAP) + GAP,
    "#d9d9de",
    layers,
  );
  return encodeImage(sheet, { format: "png", quality: 100 });
}

try {
  for (const template of TEMPLATES.filter(({ id }) => values.template.includes(id))) {
    const file = join(folder, `sheet-${template.id}.png`);
    await writeFile(file, await drawSheet(template));
    console.log(file);
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
