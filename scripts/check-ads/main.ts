import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  type AdPhoto,
  CHANNELS,
  type Channel,
  createRenderer,
  createTypesetter,
  isChannelAlike,
  TEMPLATES,
} from "../../src/ads/index.ts";
import { createFaceEngine } from "../../src/faces/index.ts";
import { decodePhoto } from "../../src/image.ts";
import { BRANDS, COPIES } from "../../test/ads/samples.ts";
import { type Finding, inspect, type Rule } from "./inspect.ts";
import { describePhoto, photoPaths } from "./photos.ts";

/**
 * Makes every creative of many real photos x all presets x 3 lengths of copy x all templates, and looks at each file.
 * `--part 1/2` takes every second photo, so that two processes can share the work.
 */

const { values } = parseArgs({
  options: {
    photos: { type: "string", default: "100" },
    part: { type: "string", default: "1/1" },
    template: { type: "string", multiple: true, default: TEMPLATES.map((template) => template.id) },
  },
});
const [part = 1, parts = 1] = values.part.split("/").map(Number);

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

const channels = distinctChannels();
const setter = await createTypesetter();
const out = await mkdtemp(join(tmpdir(), "lookalike-check-"));
const counts = new Map<Rule | "creatives" | "padded" | "shortened" | "photos" | "faces", number>();
const count = (key: Parameters<typeof counts.set>[0], by = 1) => counts.set(key, (counts.get(key) ?? 0) + by);
const started = performance.now();

const engine = await createFaceEngine();
const paths = photoPaths(Number(values.photos));
const photos: AdPhoto[] = [];
for (const [index, path] of paths.entries()) {
  if (index % parts === part - 1) photos.push(await describePhoto(path, engine, index));
}
await engine.close();

try {
  for (const [turn, photo] of photos.entries()) {
    count("photos");
    count("faces", photo.faces.length);
    const source = (await decodePhoto(photo.path)).image;
    for (const template of values.template) {
      const brand = BRANDS[turn % BRANDS.length];
      if (!brand) throw new Error("no brand");
      const renderer = await createRenderer({ out, brand, channels, template, typesetter: setter, jobs: 2 });
      for (const [length, copy] of COPIES.entries()) {
        const ad = await renderer.render({ copy, photo });
        for (const warning of ad.warnings) {
          if (warning.code === "photo_padded") count("padded");
          if (warning.code === "copy_shortened") count("shortened");
        }
        for (const [index, channel] of channels.entries()) {
          const creative = ad.creatives[index];
          const layout = ad.layouts[index];
          if (!creative || !layout) throw new Error("a channel without a creative");
          const file = join(out, creative.file);
          const { image } = await decodePhoto(file);
          const { size } = await stat(file);
          const findings = await inspect({ photo, channel, layout, image, bytes: size, source });
          count("creatives");
          report(findings, `${template} ${channel.id} copy ${length} ${photo.path} lead ${photo.leadFace}`);
        }
      }
    }
    await rm(out, { recursive: true, force: true });
    if (turn % 10 === 9) process.stderr.write(`${turn + 1} of ${photos.length} photos\n`);
  }
} finally {
  await rm(out, { recursive: true, force: true });
}

function report(findings: readonly Finding[], name: string): void {
  for (const { rule, message } of findings) {
    count(rule);
    console.log(`${rule}: ${message}: ${name}`);
  }
}

const get = (key: Parameters<typeof counts.set>[0]) => counts.get(key) ?? 0;
const seconds = (performance.now() - started) / 1000;
console.log(
  `${get("creatives")} creatives of ${get("photos")} photos (${get("faces")} faces) in ${seconds.toFixed(0)} s: ` +
    `${get("head")} cut heads, ${get("face")} texts over a face, ${get("contrast")} contrast failures, ` +
    `${get("overflow")} overflows, ${get("weight")} too heavy, ${get("picture")} pictures out of place; ` +
    `${get("padded")} padded, ${get("shortened")} shortened`,
);
