import { spawnSync } from "node:child_process";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { CHANNELS } from "../../src/ads/index.ts";
import {
  type Decision,
  EXPORT_FORMATS,
  type ExportFormat,
  exportAds,
  type RunManifest,
  writeManifest,
  writeProof,
} from "../../src/handover/index.ts";
import { hashBytes } from "../../src/io/files.ts";
import { encodeImage } from "../../src/io/image/index.ts";

/**
 * How long hand-over and proof take, and how much memory, for a run of so many customers over 200 distinct ads in 5
 * channels. Reading the same file line by line is measured beside them: nothing that reads decisions can be faster.
 *
 *     npx tsx scripts/bench/export.ts [--customers 1000000] [--measure csv,proof.html]
 */
const { values } = parseArgs({
  options: {
    customers: { type: "string", default: "1000000" },
    /** Some of them: `csv,proof.html`; default: all. */
    measure: { type: "string" },
    // Internal: one measurement, in a process of its own, so that its memory is its own too.
    only: { type: "string" },
    /** The run that is exported: made where it is missing, and kept; default: made and removed. */
    out: { type: "string" },
  },
});
const CUSTOMERS = Number(values.customers);
const ADS = 200;
const CHANNEL_IDS = [
  "square-1080",
  "portrait-1080x1350",
  "rectangle-300x250",
  "half-page-300x600",
  "email-hero",
];

const out = values.out ?? (await mkdtemp(join(tmpdir(), "lookalike-bench-export-")));
if (values.only === undefined) await measureAll();
else await measureOne(values.only);

async function measureAll(): Promise<void> {
  try {
    if (!existsSync(join(out, "run.json"))) await makeRun();
    console.log(`${CUSTOMERS.toLocaleString("en")} customers, ${ADS} ads in ${CHANNEL_IDS.length} channels`);
    const all = ["read and parse", ...EXPORT_FORMATS, "proof.html"];
    for (const only of values.measure?.split(",") ?? all) {
      const script = process.argv[1] ?? "";
      const args = [...process.execArgv, script, "--only", only, "--out", out];
      spawnSync(process.execPath, args, { stdio: "inherit" });
    }
  } finally {
    if (values.out === undefined) await rm(out, { recursive: true, force: true });
  }
}

async function makeRun(): Promise<void> {
  const run = manifest();
  await mkdir(out, { recursive: true });
  await pipeline(lines(run), createWriteStream(join(out, "decisions.jsonl")));
  await writePictures(run);
  await writeManifest(out, run);
}

async function measureOne(name: string): Promise<void> {
  const startedAt = performance.now();
  const result = await workOf(name);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6);
  const megabytes = (process.resourceUsage().maxRSS / 1000).toFixed(0).padStart(5);
  console.log(`${name.padEnd(16)} ${seconds} s  ${megabytes} MB  ${result}`);
}

async function workOf(name: string): Promise<string> {
  const format = EXPORT_FORMATS.find((known) => known === name);
  if (format !== undefined) return exportRun(format);
  if (name === "read and parse") return parseAll();
  const { bytes, pictured } = await writeProof(out);
  return `${(bytes / 1e6).toFixed(1)} MB, ${pictured} pictures`;
}

async function exportRun(format: ExportFormat): Promise<string> {
  const { files, rows } = await exportAds({
    out,
    format,
    baseUrl: "https://cdn.example.com/spring/",
    utm: { source: "bench", campaign: "{campaign}", content: "{offer}" },
  });
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return `${rows.toLocaleString("en")} rows, ${(bytes / 1e6).toFixed(1)} MB in ${files.length} files`;
}

async function parseAll(): Promise<string> {
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(join(out, "decisions.jsonl")) })) {
    if ((JSON.parse(line) as Decision).customer_id !== "") count++;
  }
  return `${count.toLocaleString("en")} lines`;
}

function manifest(): RunManifest {
  return {
    version: 1,
    campaign: "Bench",
    currency: "EUR",
    brand: { name: "Lumo", colors: { primary: "#5b2be0", ink: "#14101f", paper: "#ffffff" } },
    at: "2026-11-21T08:00:00.000Z",
    channels: CHANNELS.filter(({ id }) => CHANNEL_IDS.includes(id)).map(
      ({ id, width, height, format, platform }) => {
        return { id, width, height, format, platform };
      },
    ),
    offers: ["apple", "samsung", "sony"].map((id) => ({
      id,
      product: id,
      copy: {
        headline: `The new ${id}`,
        body: "Trade in your old phone and pay nothing today.",
        cta: "See my price",
      },
      placeholders: [],
      url: `https://lumo.example/${id}`,
      price: 29,
    })),
    policy: { minDistance: 0, maxDistance: 0.8, holdout: 0.05 },
    rows: { read: CUSTOMERS, refused: 0 },
    unjudgedOffers: [],
    warnings: [],
  };
}

function* lines(run: RunManifest): Generator<string> {
  for (let i = 0; i < CUSTOMERS; i++) yield `${JSON.stringify(decision(run, i))}\n`;
}

function decision(run: RunManifest, i: number): Decision {
  const customer_id = `customer-${i}@mail.example`;
  const models = { faces: "face-api-recognition-b413e420d684-v1", offers: "b12ae5795ed4" };
  if (i % 20 === 0) {
    const offer = { id: "none", basis: "holdout", uplift: null, lift: null, expected_value: null } as const;
    return { customer_id, offer, photo: null, copy: null, creatives: [], models };
  }
  const ad = (i * 7919) % ADS;
  const offer = run.offers[ad % run.offers.length];
  if (offer === undefined) throw new RangeError("no offer");
  return {
    customer_id,
    offer: {
      id: offer.id,
      basis: "uplift",
      uplift: 0.12 + ad / 1e4,
      lift: 1.3,
      expected_value: 12.4 + ad / 100,
    },
    photo: {
      path: `/photos/photo-${ad}.jpg`,
      basis: "lookalike",
      distance: 0.3 + ((i * 31) % 500) / 1000,
      reason: "nearest",
    },
    copy: offer.copy,
    creatives: run.channels.map(({ id, width, height }) => {
      const sha256 = hashBytes(`${ad} ${id}`);
      return {
        channel: id,
        file: `creatives/${id}/${sha256.slice(0, 20)}.jpg`,
        width,
        height,
        bytes: 90_000,
        sha256,
      };
    }),
    models,
  };
}

/** One picture a channel, copied: what it shows makes no difference to how long it takes. */
async function writePictures(run: RunManifest): Promise<void> {
  for (const { id, width, height } of run.channels) {
    await mkdir(join(out, "creatives", id), { recursive: true });
    const data = new Uint8Array(width * height * 3);
    for (let p = 0; p < data.length; p++) data[p] = (p * 3) >> 7;
    const picture = await encodeImage({ width, height, data }, { format: "jpeg", quality: 40 });
    for (let ad = 0; ad < ADS; ad++) {
      await writeFile(join(out, `creatives/${id}/${hashBytes(`${ad} ${id}`).slice(0, 20)}.jpg`), picture);
    }
  }
}
