import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  type Brand,
  CHANNELS,
  type Channel,
  createRenderer,
  createTypesetter,
  isChannelAlike,
  type RenderedAd,
  TEMPLATES,
} from "../../src/ads/index.ts";
import { createFaceEngine } from "../../src/faces/index.ts";
import { hashBytes } from "../../src/io/files.ts";
import { decodePhoto } from "../../src/io/image/index.ts";
import { BRANDS, COPIES } from "../../test/ads/samples.ts";
import { sampleBrands } from "../ads-samples/brands.ts";
import { type DesignMeasure, measureDesign } from "./design.ts";
import { inspect } from "./inspect.ts";
import { describePhoto, photoPaths, tonesOf } from "./photos.ts";
import { appendResult, designSummary, keyOf, type PhotoResult, readResults, summaryOf } from "./results.ts";

/**
 * Makes every creative of many real photos x all presets x 3 lengths of copy x all templates, and checks each file.
 * Results are appended to `--results` after each photo. An interrupted check resumes, as long as the drawing code is
 * unchanged. `--part 1/2` checks every second photo, so that two processes can share the work.
 */

const { values } = parseArgs({
  options: {
    photos: { type: "string", default: "100" },
    part: { type: "string", default: "1/1" },
    results: { type: "string" },
    template: { type: "string", multiple: true, default: TEMPLATES.map((template) => template.id) },
    jobs: { type: "string", default: "2" },
    channel: { type: "string", multiple: true },
    /** Only `portraits`, `groups` or `small photos` of those. */
    only: { type: "string" },
    /** Figures for portraits, groups and small photos apart. */
    sets: { type: "boolean", default: false },
  },
});
/** Brightness, 0 to 255, below which a face or a ground counts as dark. */
const DARK = 105;
const [part = 1, parts = 1] = values.part.split("/").map(Number);
const folder = await mkdtemp(join(tmpdir(), "lookalike-check-"));
const results = resolve(values.results ?? join(folder, "results.jsonl"));

/** Presets that differ in name alone are drawn once, under the lowest of their limits. */
function distinctChannels(): Channel[] {
  const distinct: Channel[] = [];
  for (const channel of CHANNELS) {
    const index = distinct.findIndex((known) => isChannelAlike(known, channel));
    const known = distinct[index];
    if (!known) distinct.push(channel);
    else distinct[index] = { ...known, maxBytes: Math.min(known.maxBytes, channel.maxBytes) };
  }
  return distinct;
}

/** Changes with every file that draws or judges. */
async function codeHash(): Promise<string> {
  const hashes: string[] = [];
  for (const root of ["../../src/ads", "../../src/io/image", "."]) {
    const path = join(import.meta.dirname, root);
    const names = path.endsWith(".ts") ? [""] : await readdir(path, { recursive: true });
    for (const name of names.filter((one) => one === "" || one.endsWith(".ts")).sort()) {
      if (/^(?:export|proof|decisions|copy)\b/.test(name)) continue;
      hashes.push(name, hashBytes(await readFile(join(path, name))));
    }
  }
  return hashBytes(hashes.join());
}

const channels = distinctChannels().filter(({ id }) => values.channel?.includes(id) ?? true);
const setter = await createTypesetter();
const brands: readonly Brand[] = [...(await sampleBrands(folder)), ...BRANDS.slice(3)];
const code = await codeHash();
const done = await readResults(results);
const engine = await createFaceEngine();
const all: PhotoResult[] = [];

try {
  const paths = photoPaths(Number(values.photos)).filter(
    (path) => values.only === undefined || values.only === kindOf({ photo: path }),
  );
  for (const [turn, path] of paths.entries()) {
    if (turn % parts !== part - 1) continue;
    const key = keyOf([code, path, turn, values.template]);
    const result = done.get(key) ?? (await checkPhoto(path, turn, key));
    if (!done.has(key)) await appendResult(results, result);
    all.push(result);
    for (const { rule, message, creative } of result.findings)
      console.log(`${rule}: ${message}: ${creative}`);
    process.stderr.write(`${all.length}: ${result.photo}: ${result.findings.length} findings\n`);
  }
} finally {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
}
console.log(summaryOf(all));
console.log(designSummary(all));
if (values.sets) {
  for (const [set, part] of bySet(all)) console.log(`\n${set}\n${summaryOf(part)}\n${designSummary(part)}`);
}

function headlineOf(length: number): string {
  return COPIES[length]?.headline ?? "";
}

function bySet(results: readonly PhotoResult[]): [string, PhotoResult[]][] {
  return [kindOf, toneOf].flatMap((setOf) => {
    const sets = [...new Set(results.map(setOf))].sort();
    return sets.map((set): [string, PhotoResult[]] => [set, results.filter((one) => setOf(one) === set)]);
  });
}

function kindOf({ photo }: Pick<PhotoResult, "photo">): string {
  if (/\/london\//.test(photo)) return "portraits";
  return /\/lfw\//.test(photo) ? "small photos" : "groups";
}

/** By the pixels of face and backdrop; nobody's origin is estimated. */
function toneOf({ tones: { face, ground } }: PhotoResult): string {
  return `${face < DARK ? "dark" : "light"} face on ${ground < DARK ? "dark" : "light"} ground`;
}

async function checkPhoto(path: string, turn: number, key: string): Promise<PhotoResult> {
  const started = performance.now();
  const photo = await describePhoto(path, engine, turn);
  const source = (await decodePhoto(path)).image;
  const findings: PhotoResult["findings"][number][] = [];
  const designs: DesignMeasure[] = [];
  const counts = { creatives: 0, padded: 0, shortened: 0, replaced: 0 };
  const out = join(folder, "out");
  const brand = brands[turn % brands.length];
  if (!brand) throw new Error("no brand");
  const asks: { template: string; length: number; render: () => Promise<RenderedAd> }[] = [];
  for (const template of values.template) {
    const jobs = Number(values.jobs);
    const renderer = await createRenderer({ out, brand, channels, template, typesetter: setter, jobs });
    for (const [length, copy] of COPIES.entries()) {
      asks.push({ template, length, render: () => renderer.render({ copy, photo }) });
    }
  }
  // The next ad is drawn while the last one is looked at.
  let next = asks[0]?.render();
  for (const [turn, { template, length }] of asks.entries()) {
    const ad = await next;
    next = asks[turn + 1]?.render();
    if (!ad) throw new Error("nothing was drawn");
    counts.padded += ad.warnings.filter(({ code }) => code === "photo_padded").length;
    counts.shortened += ad.warnings.filter(({ code }) => code === "copy_shortened").length;
    counts.replaced += ad.warnings.filter(({ code }) => code === "template_replaced").length;
    const looks = channels.map(async (channel, index) => {
      const creative = ad.creatives[index];
      const layout = ad.layouts[index];
      if (!creative || !layout) throw new Error("a channel without a creative");
      const file = join(out, creative.file);
      const { image } = await decodePhoto(file);
      const { size } = await stat(file);
      const found = await inspect({ photo, channel, layout, image, bytes: size, source });
      const name = `${template} ${channel.id} copy ${length} ${brand.name} ${path} lead ${photo.leadFace}`;
      counts.creatives++;
      const finished = { photo, channel, layout, image, bytes: size, source };
      const isChosen = !ad.warnings.some(
        (one) => one.code === "face_not_leading" && one.channel === channel.id,
      );
      designs.push(measureDesign(finished, headlineOf(length), isChosen || photo.faces.length === 1));
      return found.map((finding) => ({ ...finding, creative: name }));
    });
    findings.push(...(await Promise.all(looks)).flat());
  }
  await rm(out, { recursive: true, force: true });
  const seconds = (performance.now() - started) / 1000;
  const tones = tonesOf(photo, source);
  return { key, photo: path, faces: photo.faces.length, ...counts, seconds, tones, designs, findings };
}
