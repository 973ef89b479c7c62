import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { type AdPhoto, type Channel, createRenderer } from "../../src/ads/index.ts";
import { composeImage, cropImage, decodePhoto, encodeImage } from "../../src/image.ts";
import { BRANDS, COPIES, sampleNames, samplePhoto } from "../../test/ads/samples.ts";

/**
 * Creatives per second on the sample photos, beside the limit that decoding, cropping and encoding alone set on
 * the same machine in the same run.
 */

const SQUARE: Channel = { id: "square", width: 1080, height: 1080, format: "jpeg", maxBytes: 400_000 };
const RECTANGLE: Channel = { id: "rectangle", width: 300, height: 250, format: "jpeg", maxBytes: 150_000 };
const jobs = availableParallelism();

async function photos(): Promise<AdPhoto[]> {
  const each = await Promise.all(
    sampleNames.map(async (name) => {
      const photo = await samplePhoto(name);
      return photo.faces.map((_, leadFace) => ({ ...photo, leadFace }));
    }),
  );
  return each.flat();
}

async function renderAll(channel: Channel, template: string, of: readonly AdPhoto[]): Promise<number> {
  const out = await mkdtemp(join(tmpdir(), "lookalike-bench-"));
  try {
    const [brand] = BRANDS;
    if (!brand) throw new Error("no brand");
    const renderer = await createRenderer({ out, brand, channels: [channel], template, jobs });
    const requests = of.flatMap((photo) => COPIES.map((copy) => ({ copy, photo })));
    const started = performance.now();
    await Promise.all(requests.map((request) => renderer.render(request)));
    return (renderer.counts().rendered * 1000) / (performance.now() - started);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

/** What sharp alone does for a square: crop and scale, lay over a ground, encode as the renderer does. */
async function limitOfSharp(of: readonly AdPhoto[], size: number): Promise<number> {
  const decoded = new Map<string, Awaited<ReturnType<typeof decodePhoto>>>();
  for (const { path } of of) decoded.set(path, decoded.get(path) ?? (await decodePhoto(path)));
  const work = of.flatMap((photo) => COPIES.map(() => photo));
  let next = 0;
  const one = async () => {
    for (let photo = work[next++]; photo; photo = work[next++]) {
      const source = decoded.get(photo.path);
      if (!source) continue;
      const side = Math.min(source.width, source.height);
      const image = await cropImage(source.image, { x: 0, y: 0, width: side, height: side }, size, size);
      const laid = await composeImage(size, size, "#fff", [{ image, x: 0, y: 0 }]);
      await encodeImage(laid, { format: "jpeg", quality: 90 });
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: jobs }, one));
  return (work.length * 1000) / (performance.now() - started);
}

const all = await photos();
await renderAll(RECTANGLE, "panel", all.slice(0, 3));
const rows = [
  ["sharp alone, 1080 x 1080 JPEG", await limitOfSharp(all, 1080)],
  ["panel, 1080 x 1080 JPEG", await renderAll(SQUARE, "panel", all)],
  ["bleed, 1080 x 1080 JPEG", await renderAll(SQUARE, "bleed", all)],
  ["panel, 300 x 250 JPEG", await renderAll(RECTANGLE, "panel", all)],
] as const;
console.log(`${all.length} faces x ${COPIES.length} texts, ${jobs} jobs`);
for (const [name, rate] of rows) console.log(`${name.padEnd(34)} ${rate.toFixed(1).padStart(7)} creatives/s`);
