import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { FaceEngine } from "lookalike-ads";
import { createTypesetter, renderText } from "lookalike-ads/ads";
import { createRandom, type Random } from "../../../src/core/index.ts";
import {
  composeImage,
  cropImage,
  decodePhoto,
  encodeImage,
  type RgbImage,
  rasterizeSvg,
} from "../../../src/io/image/index.ts";
import { runPeer } from "./child.ts";

/** (g) Pictures without people, made here, and what a detector claims to see in them. */

export interface Picture {
  readonly kind: string;
  readonly bytes: Buffer;
}

const WIDTH = 640;
const HEIGHT = 480;
const EACH = 40;

/** 40 pictures of each kind; crops of LFW's upper corners too where those photos are there. */
export async function* drawPeopleFree(lfwPhotos: readonly string[], seed = 1): AsyncGenerator<Picture> {
  const random = createRandom(seed);
  for (let i = 0; i < EACH; i++) {
    yield { kind: "noise", bytes: await jpeg(noise(random)) };
    yield { kind: "texture", bytes: await jpeg(texture(random)) };
    yield { kind: "gradients", bytes: await jpeg(await rasterizeSvg(gradients(random))) };
    yield { kind: "shapes", bytes: await jpeg(await rasterizeSvg(shapes(random))) };
    yield { kind: "text", bytes: await jpeg(await text(random)) };
    const photo = lfwPhotos[Math.floor(random() * lfwPhotos.length)];
    if (photo) yield { kind: "corner of an LFW photo", bytes: await corner(photo, random() < 0.5) };
  }
}

/** Counts pictures with a claimed face, by kind, for us and for the peer. */
export async function measureFalsePositives(
  pictures: readonly Picture[],
  engine: FaceEngine,
): Promise<readonly Record<string, string | number>[]> {
  const claims = await peerClaims(pictures);
  const rows = new Map<string, { pictures: number; ours: number; usable: number; theirs: number }>();
  let next = 0;
  for await (const outcome of engine.describeAll(pictures.map(({ bytes }) => bytes))) {
    const { kind } = pictures[next] as Picture;
    const faces = outcome.status === "described" ? outcome.faces : [];
    const row = rows.get(kind) ?? { pictures: 0, ours: 0, usable: 0, theirs: 0 };
    rows.set(kind, {
      pictures: row.pictures + 1,
      ours: row.ours + Number(faces.length > 0),
      usable: row.usable + Number(faces.some(({ quality }) => quality.score > 0)),
      theirs: row.theirs + Number(claims[next]),
    });
    next++;
  }
  return [...rows].map(([kind, { pictures: count, ours, usable, theirs }]) => ({
    kind,
    pictures: count,
    "lookalike claims a face": ours,
    "of a quality score above 0": usable,
    "face-api claims one": theirs,
  }));
}

/** Whether the peer claims a face, picture by picture. */
async function peerClaims(pictures: readonly Picture[]): Promise<readonly boolean[]> {
  const folder = await mkdtemp(join(tmpdir(), "lookalike-bench-"));
  try {
    const paths = pictures.map((_, i) => join(folder, `${i}.jpg`));
    for (const [i, path] of paths.entries()) await writeFile(path, pictures[i]?.bytes ?? "");
    const { seen } = await runPeer(paths, { processes: availableParallelism() });
    return paths.map((path) => (seen.get(path)?.faces.length ?? 0) > 0);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** White noise, coloured or grey, in blocks of 1 to 12 px. */
function noise(random: Random): RgbImage {
  const block = 1 + Math.floor(random() * 12);
  const coloured = random() < 0.5;
  const columns = Math.ceil(WIDTH / block);
  const cells = Float64Array.from({ length: columns * Math.ceil(HEIGHT / block) * 3 }, () => random() * 255);
  return paint((x, y, channel) => {
    const cell = Math.floor(y / block) * columns + Math.floor(x / block);
    return cells[cell * 3 + (coloured ? channel : 0)] ?? 0;
  });
}

/** Sums of waves: cloth, wood, water. */
function texture(random: Random): RgbImage {
  const waves = Array.from({ length: 7 }, () => ({
    x: (random() - 0.5) * 0.4 ** (random() * 3),
    y: (random() - 0.5) * 0.4 ** (random() * 3),
    phase: random() * 7,
    bend: random() * 3,
  }));
  const tint = [0, 1, 2].map(() => 0.5 + random() / 2);
  return paint((x, y, channel) => {
    let sum = 0;
    for (const wave of waves) {
      sum += Math.sin(x * wave.x + y * wave.y + wave.phase + wave.bend * Math.sin((x + 2 * y) / 90));
    }
    return (128 + sum * 22) * (tint[channel] ?? 1);
  });
}

function paint(value: (x: number, y: number, channel: number) => number): RgbImage {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3);
    data[i] = Math.max(0, Math.min(255, value(pixel % WIDTH, Math.floor(pixel / WIDTH), i % 3)));
  }
  return { width: WIDTH, height: HEIGHT, data };
}

function gradients(random: Random): string {
  const spots = Array.from({ length: 5 }, (_, i) => {
    const [cx, cy, r] = [random(), random(), 0.1 + random() * 0.5];
    return `<radialGradient id="g${i}" cx="${cx}" cy="${cy}" r="${r}"><stop stop-color="${color(random)}"/><stop offset="1" stop-color="${color(random)}" stop-opacity="0"/></radialGradient>`;
  });
  const layers = spots.map((_, i) => `<rect width="100%" height="100%" fill="url(#g${i})"/>`);
  return svg(
    `<defs>${spots.join("")}</defs><rect width="100%" height="100%" fill="${color(random)}"/>${layers.join("")}`,
  );
}

function shapes(random: Random): string {
  const items = Array.from({ length: 12 + Math.floor(random() * 30) }, () => {
    const [x, y, size] = [random() * WIDTH, random() * HEIGHT, 10 + random() * 140];
    const fill = `fill="${color(random)}"`;
    if (random() < 0.5)
      return `<ellipse cx="${x}" cy="${y}" rx="${size}" ry="${size * (0.4 + random())}" ${fill}/>`;
    return `<rect x="${x}" y="${y}" width="${size}" height="${size * (0.3 + random())}" ${fill} transform="rotate(${random() * 90} ${x} ${y})"/>`;
  });
  return svg(`<rect width="100%" height="100%" fill="${color(random)}"/>${items.join("")}`);
}

function svg(body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">${body}</svg>`;
}

function color(random: Random): string {
  return `hsl(${Math.floor(random() * 360)} ${Math.floor(random() * 100)}% ${Math.floor(random() * 100)}%)`;
}

const WORDS =
  "price month signal offer street river window 4711 autumn & paper 0.60 network colour (new) more".split(
    " ",
  );

async function text(random: Random): Promise<RgbImage> {
  const setter = await createTypesetter();
  const words = Array.from(
    { length: 14 + Math.floor(random() * 60) },
    () => WORDS[Math.floor(random() * WORDS.length)],
  );
  const size = 14 + random() * 50;
  const dark = random() < 0.5;
  const image = await renderText(setter, words.join(" "), {
    size,
    color: dark ? "#f2f0ea" : "#20242c",
    maxWidth: WIDTH - 40,
    maxLines: Math.floor((HEIGHT - 40) / (size * 1.4)),
    weight: random() < 0.5 ? 500 : 800,
  });
  const background = dark ? "#20242c" : "#f2f0ea";
  return composeImage(WIDTH, HEIGHT, background, [{ image, x: 20, y: 20 }]);
}

/** The background beside a head: 70 px of an upper corner of the 250-px photo, enlarged. */
async function corner(photo: string, left: boolean): Promise<Buffer> {
  const side = 70;
  const { image } = await decodePhoto(photo, { maxSide: 250 });
  const region = { x: left ? 0 : image.width - side, y: 0, width: side, height: side };
  return jpeg(await cropImage(image, region, HEIGHT, HEIGHT));
}

function jpeg(image: Parameters<typeof encodeImage>[0]): Promise<Buffer> {
  return encodeImage(image, { format: "jpeg", quality: 88 });
}
