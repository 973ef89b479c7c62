import { once } from "node:events";
import {
  cpSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  type WriteStream,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { createRandom } from "../../src/core/index.ts";
import { encodeImage } from "../../src/io/image/index.ts";
import { type WatchedRun, watch } from "./watch.ts";

export interface World {
  readonly work: string;
  /** Folder with photos of faces: for portraits and inventory. */
  readonly photos: string;
  readonly customers: number;
  /** How many of them have a portrait, evenly spread; every second customer has a consent. */
  readonly portraits: number;
  /** Photos in the inventory; default: every 40th. */
  readonly inventory?: number | undefined;
}

/** Writes a campaign for many customers: their table, their consents, a past experiment, an inventory. */
export async function writeWorld({ work, photos, customers, portraits, ...world }: World): Promise<void> {
  mkdirSync(work, { recursive: true });
  const faces = readdirSync(photos, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.jpe?g$/i.test(name))
    .sort();
  const step = world.inventory === undefined ? 40 : Math.max(1, Math.floor(faces.length / world.inventory));
  const inventory = faces.filter((_, i) => i % step === 0).slice(0, world.inventory);
  const every = Math.max(2, Math.floor(customers / portraits / 2) * 2);
  const sitters = Array.from({ length: portraits }, (_, i) => faces[(7 * i + 3) % faces.length] ?? "");
  // A portrait must lie below the table's folder, really and not by a link.
  mkdirSync(join(work, "portraits"), { recursive: true });
  for (const name of new Set(sitters)) cpSync(join(photos, name), join(work, "portraits", basename(name)));
  const portraitOf = (i: number) => {
    const name = i % every === 0 ? sitters[i / every] : undefined;
    return name === undefined ? "" : `portraits/${basename(name)}`;
  };
  const random = createRandom(3);
  await writeLines(join(work, "customers.csv"), function* () {
    yield "customer_id,age,plan,region,photo";
    for (let i = 0; i < customers; i++) {
      yield `c-${i},${18 + Math.floor(random() * 60)},${"SML"[i % 3]},r${i % 12},${portraitOf(i)}`;
    }
  });
  await writeLines(join(work, "consents.csv"), function* () {
    yield "customer_id,purpose,given_at,method,notice_version,jurisdiction";
    for (let i = 0; i < customers; i += 2) yield `c-${i},face_matching,2026-03-01,online_form,v1,NL`;
  });
  await writeLines(join(work, "experiment.csv"), function* () {
    yield "customer_id,offer_id,converted,age,plan,region";
    for (let i = 0; i < 60_000; i++) {
      const offer = ["none", "phone", "tablet"][i % 3];
      const age = 18 + Math.floor(random() * 60);
      const chance =
        0.05 + (offer === "phone" && age < 45 ? 0.2 : 0) + (offer === "tablet" && age > 40 ? 0.15 : 0);
      yield `x-${i},${offer},${random() < chance ? 1 : 0},${age},${"SML"[Math.floor(random() * 3)]},r${Math.floor(random() * 12)}`;
    }
  });
  const grey = { width: 600, height: 600, data: new Uint8Array(600 * 600 * 3).fill(150) };
  writeFileSync(join(work, "default.jpg"), await encodeImage(grey, { format: "jpeg" }));
  writeFileSync(join(work, "inventory.txt"), inventory.map((name) => join(photos, name)).join("\n"));
  writeFileSync(join(work, "campaign.yaml"), campaign(inventory.map((name) => join(photos, name))));
}

/** Imports the consents, trains and generates, all by command; the last is the long one. */
export async function generateForMany(work: string): Promise<readonly WatchedRun[]> {
  const named = ["--campaign", join(work, "campaign.yaml")];
  const whole = { step: Number.POSITIVE_INFINITY, doneSoFar: () => 0 };
  const partial = createLineCounter(join(work, "ads/.decisions.partial.jsonl"));
  return [
    await watch(["consent", "import", join(work, "consents.csv"), ...named], whole),
    await watch(["train", ...named], whole),
    await watch(["generate", ...named, "--out", join(work, "ads")], { step: 100_000, doneSoFar: partial }),
  ];
}

async function writeLines(path: string, lines: () => Iterable<string>): Promise<void> {
  const stream: WriteStream = createWriteStream(path);
  let text = "";
  const flush = async () => {
    if (!stream.write(text)) await once(stream, "drain");
    text = "";
  };
  for (const line of lines()) {
    text += `${line}\n`;
    if (text.length > 1 << 20) await flush();
  }
  await flush();
  stream.end();
  await once(stream, "finish");
}

/** Counts the lines of a file that grows, reading each byte once. */
function createLineCounter(path: string): () => number {
  const buffer = Buffer.alloc(1 << 20);
  let file: number | null = null;
  let at = 0;
  let lines = 0;
  return () => {
    if (file === null && !existsSync(path)) return lines;
    file ??= openSync(path, "r");
    if (existsSync(path) && statSync(path).size < at) [at, lines] = [0, 0];
    for (;;) {
      const length = readSync(file, buffer, 0, buffer.length, at);
      if (length === 0) return lines;
      at += length;
      for (let i = 0; i < length; i++) if (buffer[i] === 10) lines++;
    }
  };
}

const campaign = (inventory: readonly string[]) => `name: Long run
brand: { name: Lumo }
inputs:
  customers: { path: customers.csv }
  experiment: { path: experiment.csv }
  inventory:
${inventory.map((path) => `    - ${JSON.stringify(path)}`).join("\n")}
offers:
  - { id: phone, product: Lumo One, headline: See more, body: The newest one., cta: See it, url: "https://lumo.example/one", margin: 100, cost: 1 }
  - { id: tablet, product: Lumo Tab, headline: Draw more, body: The larger one., cta: See it, url: "https://lumo.example/tab", margin: 90, cost: 1 }
channels: [square-1080]
photos: { default: default.jpg }
policy: { similarity: { max_distance: 0.9 }, holdout: 0.05 }
privacy: { jurisdiction: NL }
`;
