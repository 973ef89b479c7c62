import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import {
  type AdPhoto,
  type AdRenderer,
  type Brand,
  CHANNELS,
  type CreativeCopy,
  createRenderer,
  createTypesetter,
  isChannelAlike,
  TEMPLATES,
  TEXT_WEIGHTS,
  type Template,
} from "../../src/ads/index.ts";
import {
  composeImage,
  cropImage,
  decodePhoto,
  encodeImage,
  type ImageLayer,
} from "../../src/io/image/index.ts";
import { sampleBrands } from "../ads-samples/brands.ts";
import { WORDS } from "../ads-samples/words.ts";
import { PHOTO_KINDS, photosOf } from "./photos.ts";

/**
 * A sheet of ads for each template, to be looked at: channels, photos, brands and copy in turn. Photos that cannot lead
 * in a channel are skipped, as matching does.
 * `npx tsx scripts/ads-gallery/sheets.ts [--out folder] [--template panel] [--channel square-1080] [--count 40]
 * [--photos portraits] [--words german] [--font file.ttf] [--cell 300] [--columns 8]`
 */

const { values } = parseArgs({
  options: {
    out: { type: "string", default: "ads-gallery-out" },
    template: { type: "string", multiple: true, default: TEMPLATES.map(({ id }) => id) },
    channel: { type: "string", multiple: true },
    count: { type: "string", default: "40" },
    photos: { type: "string", default: "mixed" },
    words: { type: "string", default: "plain" },
    /** Of all brands: for scripts that the bundled fonts lack. */
    font: { type: "string", multiple: true, default: [] },
    /** One brand for all ads, by its place in the list; default: all in turn. */
    brand: { type: "string" },
    cell: { type: "string", default: "300" },
    columns: { type: "string", default: "8" },
  },
});
const [CELL, COLUMNS, GAP] = [Number(values.cell), Number(values.columns), 14];

const folder = resolve(values.out);
const count = Number(values.count);
const kind = PHOTO_KINDS.find((known) => known === values.photos);
const words = WORDS[values.words];
if (!kind || !words) throw new Error(`no photos ${values.photos} or no words ${values.words}`);
await mkdir(folder, { recursive: true });
/** The weight of a font is read from its name, such as `noto-sans-thai-700-normal.woff`; without one it is for all. */
const fonts = values.font.map((file) => ({
  file,
  weight: TEXT_WEIGHTS.find((weight) => file.includes(`-${weight}-`)),
}));
const typesetter = await createTypesetter(fonts);
const scratch = await mkdtemp(join(tmpdir(), "lookalike-sheets-"));
// Logos as PNG: an SVG is drawn by a process of its own for every renderer.
const brands = await Promise.all((await sampleBrands(join(scratch, "logos"))).map(withPng));
const photos = await photosOf(kind);
const channels = CHANNELS.filter(
  (channel, index) =>
    CHANNELS.findIndex((other) => isChannelAlike(other, channel)) === index &&
    (values.channel?.includes(channel.id) ?? true),
);

async function withPng(plain: Brand): Promise<Brand> {
  const brand = { ...plain, fonts };
  if (brand.logo === null) return brand;
  const logo = `${brand.logo}.png`;
  await sharp(brand.logo, { density: 600 }).png().toFile(logo);
  return { ...brand, logo };
}

/** The next photo whose face leads; the next one at all if none does. */
async function photoFor(turn: number, renderer: AdRenderer, copy: CreativeCopy): Promise<AdPhoto> {
  const ordered = photos.map((_, step) => photos[(turn + step) % photos.length]);
  for (const photo of ordered) if (photo && (await renderer.leads({ copy, photo }))) return photo;
  if (!ordered[0]) throw new Error("no photos");
  return ordered[0];
}

async function drawSheet(template: Template): Promise<Buffer> {
  const layers: ImageLayer[] = [];
  for (let turn = 0; turn < count; turn++) {
    const channel = channels[turn % channels.length];
    const round = Math.floor(turn / channels.length);
    // Steps without a common divisor, so that each channel meets other brands and copies the next time.
    const brand =
      brands[values.brand === undefined ? (turn * 2 + round) % brands.length : Number(values.brand)];
    const copy = words?.copies[(turn + round) % words.copies.length];
    if (!channel || !brand || !copy) throw new Error("no samples");
    const out = join(scratch, `${template.id}-${turn}`);
    const language = words?.language;
    const renderer = await createRenderer({
      out,
      brand,
      channels: [channel],
      template,
      typesetter,
      language,
    });
    const { headlineShort, legal, ...plain } = copy;
    const photo = await photoFor(turn, renderer, copy);
    const { creatives } = await renderer.render({ copy: plain, extras: { headlineShort, legal }, photo });
    const { image } = await decodePhoto(join(out, creatives[0]?.file ?? ""));
    const scale = Math.min(CELL / image.width, CELL / image.height);
    const [width, height] = [Math.round(image.width * scale), Math.round(image.height * scale)];
    const whole = { x: 0, y: 0, width: image.width, height: image.height };
    const x = GAP + (turn % COLUMNS) * (CELL + GAP) + Math.round((CELL - width) / 2);
    const y = GAP + Math.floor(turn / COLUMNS) * (CELL + GAP) + Math.round((CELL - height) / 2);
    layers.push({ image: await cropImage(image, whole, width, height), x, y });
    await rm(out, { recursive: true, force: true });
  }
  const rows = Math.ceil(count / COLUMNS);
  const [width, height] = [COLUMNS, rows].map((cells) => cells * (CELL + GAP) + GAP);
  const sheet = await composeImage(width ?? 0, height ?? 0, "#d9d9de", layers);
  return encodeImage(sheet, { format: "png", quality: 100 });
}

try {
  for (const template of TEMPLATES.filter(({ id }) => values.template.includes(id))) {
    const file = join(folder, `sheet-${template.id}-${kind}-${values.words}.png`);
    await writeFile(file, await drawSheet(template));
    console.log(file);
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
