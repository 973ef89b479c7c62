import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AdPhoto,
  type Channel,
  createRenderer,
  type RenderRequest,
  TEMPLATES,
} from "../../src/ads/index.ts";
import { type Decision, openDecisionLog } from "../../src/handover/index.ts";
import { composeImage, cropImage, decodePhoto, encodeImage } from "../../src/io/image/index.ts";
import { BRANDS, COPIES, sampleNames, samplePhoto } from "../../test/ads/samples.ts";

/**
 * Creatives per second on the sample photos, beside the limit that cropping, composing and encoding alone set on the
 * same machine in the same run; then a million decisions over 200 distinct pairs of photo and copy.
 * `npx tsx scripts/bench/ads.ts [decisions]`
 */

const SQUARE: Channel = { id: "square", width: 1080, height: 1080, format: "jpeg", maxBytes: 400_000 };
const RECTANGLE: Channel = { id: "rectangle", width: 300, height: 250, format: "jpeg", maxBytes: 150_000 };
const PAIRS = 200;
const jobs = availableParallelism();
const decisions = Number(process.argv[2] ?? 1_000_000);
const [brand] = BRANDS;
if (!brand) throw new Error("no brand");

async function photos(): Promise<AdPhoto[]> {
  const each = await Promise.all(
    sampleNames.map(async (name) => {
      const photo = await samplePhoto(name);
      return photo.faces.map((_, leadFace) => ({ ...photo, leadFace }));
    }),
  );
  return each.flat();
}

async function inFolder<T>(work: (out: string) => Promise<T>): Promise<T> {
  const out = await mkdtemp(join(tmpdir(), "lookalike-bench-"));
  try {
    return await work(out);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

function renderAll(channel: Channel, template: string, of: readonly AdPhoto[]): Promise<number> {
  return inFolder(async (out) => {
    const renderer = await createRenderer({
      out,
      brand: brand as never,
      channels: [channel],
      template,
      jobs,
    });
    const requests = of.flatMap((photo) => COPIES.map((copy) => ({ copy, photo })));
    const started = performance.now();
    await Promise.all(requests.map((request) => renderer.render(request)));
    return (renderer.counts().rendered * 1000) / (performance.now() - started);
  });
}

/** What sharp alone does for a square: crop and scale, lay over a ground, encode. */
async function limitOfSharp(of: readonly AdPhoto[], effort: "fast" | "thorough"): Promise<number> {
  const size = SQUARE.width;
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
      await encodeImage(laid, { format: "jpeg", quality: 90, effort });
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: jobs }, one));
  return (work.length * 1000) / (performance.now() - started);
}

/** Pairs that come again and again, each request a new object as a pipeline makes them. */
function requestsOf(of: readonly AdPhoto[]): (index: number) => RenderRequest {
  return (index) => {
    const pair = (index * 7919) % PAIRS;
    const photo = of[pair % of.length];
    const copy = COPIES[pair % COPIES.length];
    if (!photo || !copy) throw new Error("no samples");
    const headline = `${copy.headline} ${Math.floor(pair / of.length)}`;
    return {
      copy: { ...copy, headline },
      photo: { ...photo, faces: photo.faces.map((face) => ({ ...face })) },
    };
  };
}

async function million(
  of: readonly AdPhoto[],
): Promise<{ seconds: number; rendered: number; peakMb: number }> {
  const request = requestsOf(of);
  return inFolder(async (out) => {
    const channels = [SQUARE, RECTANGLE];
    const renderer = await createRenderer({ out, brand: brand as never, channels, jobs });
    const log = await openDecisionLog({ path: join(out, "decisions.jsonl"), fingerprint: "bench" });
    let peak = 0;
    const started = performance.now();
    const window: Promise<{
      readonly id: number;
      readonly ad: Awaited<ReturnType<typeof renderer.render>>;
    }>[] = [];
    const write = async () => {
      const first = await window.shift();
      if (first) await log.write(decisionOf(first.id, first.ad.creatives));
    };
    for (let id = 0; id < decisions; id++) {
      window.push(renderer.render(request(id)).then((ad) => ({ id, ad })));
      if (window.length >= 64) await write();
      if (id % 1000 === 0) peak = Math.max(peak, process.memoryUsage.rss());
    }
    while (window.length > 0) await write();
    await log.close();
    const seconds = (performance.now() - started) / 1000;
    return { seconds, rendered: renderer.counts().rendered, peakMb: peak / 1e6 };
  });
}

function decisionOf(id: number, creatives: Decision["creatives"]): Decision {
  return {
    customer_id: `c${id}`,
    offer: { id: "offer", basis: "uplift", uplift: 0.01, lift: null, expected_value: 1 },
    photo: { path: "photo.jpg", basis: "lookalike", distance: 0.5, reason: "nearest" },
    copy: null,
    creatives,
    models: {},
  };
}

const all = await photos();
await renderAll(RECTANGLE, "panel", all.slice(0, 3));
const rows: [string, number][] = [
  ["sharp alone, mozjpeg's full search", await limitOfSharp(all, "thorough")],
  ["sharp alone, as we encode squares", await limitOfSharp(all, "fast")],
];
for (const { id } of TEMPLATES) rows.push([`${id}, 1080 x 1080 JPEG`, await renderAll(SQUARE, id, all)]);
rows.push(["panel, 300 x 250 JPEG", await renderAll(RECTANGLE, "panel", all)]);
console.log(`${all.length} faces x ${COPIES.length} texts, ${jobs} jobs`);
for (const [name, rate] of rows) console.log(`${name.padEnd(36)} ${rate.toFixed(1).padStart(7)} creatives/s`);
const { seconds, rendered, peakMb } = await million(all);
console.log(
  `${decisions.toLocaleString("en")} decisions over ${PAIRS} pairs in ${seconds.toFixed(0)} s, ${rendered} files drawn, peak ${peakMb.toFixed(0)} MB`,
);
