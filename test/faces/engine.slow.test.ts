import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prominence } from "../../src/faces/description/prominence.ts";
import {
  createFaceEngine,
  euclideanDistance,
  type FaceEngine,
  type PhotoFaces,
  type PhotoOutcome,
} from "../../src/faces/index.ts";
import { hasShared, london, PEOPLE, SAMPLES } from "./fixtures.ts";
import { openEngine } from "./shared-engine.ts";

let engine: FaceEngine;
let folder: string;
beforeAll(async () => {
  engine = await openEngine();
  folder = mkdtempSync(join(tmpdir(), "lookalike-faces-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The group photos, described once for all tests that only look at them. */
let described: Promise<PhotoOutcome[]> | undefined;
async function groupPhoto(n: number): Promise<PhotoFaces> {
  described ??= collect(SAMPLES);
  const outcome = (await described)[n];
  if (outcome?.status !== "described") throw new Error(`sample ${n} was not described`);
  return outcome;
}

async function collect(photos: (string | Uint8Array)[]): Promise<PhotoOutcome[]> {
  const outcomes: PhotoOutcome[] = [];
  for await (const outcome of engine.describeAll(photos)) outcomes.push(outcome);
  return outcomes;
}

function flat(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: "#557799" } })
    .png()
    .toBuffer();
}

describe("describing photos", () => {
  it("finds everyone in the group photos, in input order, the most prominent face first", async () => {
    described ??= collect(SAMPLES);
    const outcomes = await described;
    expect(outcomes.map((outcome) => outcome.photo)).toEqual(SAMPLES);
    const counts = outcomes.map((outcome) => (outcome.status === "described" ? outcome.faces.length : -1));
    expect(counts).toEqual(PEOPLE);
    for (const outcome of outcomes) {
      if (outcome.status !== "described") continue;
      const ranks = outcome.faces.map(({ box }) => prominence(box, outcome));
      expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
      for (const { landmarks, embedding, box } of outcome.faces) {
        expect(landmarks).toHaveLength(68);
        expect(embedding).toHaveLength(128);
        // Landmarks and box speak of the same face.
        const [noseX, noseY] = landmarks[30] ?? [0, 0];
        expect(noseX).toBeGreaterThan(box.x);
        expect(noseX).toBeLessThan(box.x + box.width);
        expect(noseY).toBeGreaterThan(box.y);
        expect(noseY).toBeLessThan(box.y + box.height);
      }
    }
  });

  it("gives every face one number that falls with what makes matching fail", async () => {
    const scores = ({ faces }: PhotoFaces) => faces.map(({ quality }) => quality.score);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const { width = 0 } = await sharp(SAMPLES[4]).metadata();
    // As from a camera that is far away: five px from eye to eye.
    const small = await sharp(SAMPLES[4])
      .resize(Math.round(width / 16))
      .toBuffer();
    const clear = scores(await groupPhoto(4));
    const poor = scores(await engine.describe(await sharp(small).resize(width).jpeg().toBuffer()));
    for (const score of [...clear, ...poor]) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
    expect(poor.length).toBeGreaterThan(0);
    expect(mean(poor)).toBeLessThan(mean(clear) - 0.2);
  });

  it("tells people apart: no two faces of one photo are within 0.5", async () => {
    const { faces } = await groupPhoto(4);
    for (const [i, a] of faces.entries()) {
      for (const b of faces.slice(i + 1))
        expect(euclideanDistance(a.embedding, b.embedding)).toBeGreaterThan(0.5);
    }
  });

  it.each([90, 180, 270])(
    "finds faces in a photo turned by %i degrees, with the same embeddings",
    async (degrees) => {
      const upright = await groupPhoto(4);
      const turned = await engine.describe(
        await sharp(SAMPLES[4]).rotate(degrees).jpeg({ quality: 95 }).toBuffer(),
      );
      expect(turned.faces.length).toBe(upright.faces.length);
      for (const face of turned.faces) {
        const nearest = Math.min(
          ...upright.faces.map((other) => euclideanDistance(face.embedding, other.embedding)),
        );
        expect(nearest).toBeLessThan(0.45);
      }
    },
  );

  it("applies EXIF orientation: boxes are in pixels of the upright photo", async () => {
    const plain = await groupPhoto(0);
    // Stored turned, with the tag that says so.
    const stored = await sharp(SAMPLES[0])
      .rotate(-90)
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 95 })
      .toBuffer();
    const tagged = await engine.describe(stored);
    expect([tagged.width, tagged.height]).toEqual([plain.width, plain.height]);
    expect(tagged.faces.length).toBe(plain.faces.length);
    for (const face of tagged.faces) {
      const same = plain.faces.find((other) => euclideanDistance(face.embedding, other.embedding) < 0.3);
      expect(Math.abs((same?.box.x ?? Infinity) - face.box.x)).toBeLessThan(20);
    }
  });

  /** That other formats decode to the same pixels: `test/io/photo.test.ts`. */
  it("finds faces in black and white", async () => {
    const bytes = await sharp(SAMPLES[1]).resize(960).greyscale().jpeg().toBuffer();
    const { faces, width } = await engine.describe(bytes);
    expect(width).toBe(960);
    expect(faces.length).toBe(PEOPLE[1]);
  });

  it("finds a face that fills the frame, one that is small, and one in the dark", async () => {
    const { faces } = await groupPhoto(4);
    const box = faces[0]?.box ?? { x: 0, y: 0, width: 1, height: 1 };
    const crop = {
      left: Math.round(box.x),
      top: Math.round(box.y),
      width: Math.round(box.width),
      height: Math.round(box.height),
    };
    const face = sharp(SAMPLES[4]).extract(crop);
    expect((await engine.describe(await face.clone().jpeg().toBuffer())).faces).toHaveLength(1);
    expect(
      (await engine.describe(await sharp(SAMPLES[4]).linear(0.2).jpeg().toBuffer())).faces.length,
    ).toBeGreaterThanOrEqual(4);
    const wide = await sharp({ create: { width: 2400, height: 1600, channels: 3, background: "#8a9ba8" } })
      .composite([{ input: await sharp(SAMPLES[4]).resize(400).toBuffer(), left: 1700, top: 600 }])
      .jpeg()
      .toBuffer();
    expect((await engine.describe(wide)).faces.length).toBeGreaterThanOrEqual(3);
  });

  it("embeds the small faces of a large photo from its full resolution", async () => {
    const group = await sharp(SAMPLES[4]).resize(1100).png().toBuffer();
    const wide = await sharp({ create: { width: 4400, height: 3000, channels: 3, background: "#8a9ba8" } })
      .composite([{ input: group, left: 2000, top: 1000 }])
      .jpeg({ quality: 95 })
      .toBuffer();
    const [alone, inside] = [await engine.describe(group), await engine.describe(wide)];
    expect(inside.faces.length).toBeGreaterThanOrEqual(4);
    for (const face of inside.faces) {
      expect(
        Math.min(...alone.faces.map((other) => euclideanDistance(face.embedding, other.embedding))),
      ).toBeLessThan(0.35);
    }
  });

  it("finds nobody where there is nobody", async () => {
    expect((await engine.describe(await flat(640, 480))).faces).toEqual([]);
    expect((await engine.describe(await flat(1, 1))).faces).toEqual([]);
  });

  it("gives the same numbers every time", async () => {
    const { width, height, faces } = await groupPhoto(0);
    expect(await engine.describe(SAMPLES[0] as string)).toEqual({ width, height, faces });
  });
});

describe("bad input", () => {
  it("is refused photo by photo with a code, and the batch goes on", async () => {
    const write = (name: string, bytes: Uint8Array | string) => {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    };
    const photo = await sharp(SAMPLES[0]).resize(800).jpeg().toBuffer();
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>';
    const outcomes = await collect([
      write("truncated.jpg", photo.subarray(0, photo.length / 2)),
      write("empty.jpg", ""),
      write("text.jpg", "not a picture"),
      write("vector.svg", svg),
      join(folder, "missing.jpg"),
      write("huge.png", await bomb()),
      write("good.jpg", photo),
    ]);
    expect(
      outcomes.map((outcome) => (outcome.status === "refused" ? outcome.error.code : outcome.status)),
    ).toEqual([
      "ERR_PHOTO_UNREADABLE",
      "ERR_PHOTO_UNREADABLE",
      "ERR_PHOTO_UNREADABLE",
      "ERR_PHOTO_UNREADABLE",
      "ERR_PHOTO_NOT_FOUND",
      "ERR_PHOTO_TOO_LARGE",
      "described",
    ]);
  });

  it("refuses options that make no sense before any work", async () => {
    await expect(createFaceEngine({ jobs: 0 })).rejects.toMatchObject({ code: "ERR_OPTION_INVALID" });
    await expect(createFaceEngine({ minScore: 1.5 })).rejects.toMatchObject({ code: "ERR_OPTION_INVALID" });
    expect(() => euclideanDistance(new Float32Array(3), new Float32Array(4))).toThrow(
      /Expected an embedding of 3/,
    );
  });

  it("keeps the order of photos, stops on abort and refuses work after close", async () => {
    const controller = new AbortController();
    const seen: unknown[] = [];
    // Who is in the photos does not matter here: one large face takes one look, and the engine needs few networks.
    const head = { left: 960, top: 110, width: 440, height: 440 };
    const photo = await sharp(SAMPLES[2]).extract(head).resize(220).png().toBuffer();
    const light = { jobs: 1, attributes: false, look: false };
    const run = (async () => {
      for await (const outcome of engine.describeAll(Array(12).fill(photo), {
        signal: controller.signal,
      })) {
        seen.push(outcome);
        controller.abort();
      }
    })();
    await expect(run).rejects.toMatchObject({ code: "ERR_ABORTED" });
    expect(seen.length).toBeLessThan(4);
    // Two threads, the first of which has the slowest photo: the order stays.
    const pair = await createFaceEngine({ ...light, jobs: 2 });
    const given = [SAMPLES[2] as string, photo, photo, photo];
    const order: unknown[] = [];
    for await (const outcome of pair.describeAll(given)) order.push(outcome.photo);
    expect(order).toEqual(given);
    // Each thread takes two photos; the fifth waits, and leaves the queue.
    const stop = new AbortController();
    const ended: string[] = [];
    const photos = [...Array(4).fill(undefined), stop.signal].map((signal: AbortSignal | undefined, i) =>
      pair.describe(photo, { signal }).then(
        () => ended.push(`${i} described`),
        (error) => ended.push(`${i} ${error.code}`),
      ),
    );
    stop.abort();
    await Promise.all(photos);
    await pair.close();
    expect(ended[0]).toBe("4 ERR_ABORTED");
    expect(ended.slice(1).sort()).toEqual([0, 1, 2, 3].map((i) => `${i} described`));
    const busy = await createFaceEngine(light);
    const underWay = [1, 2, 3, 4].map(() => busy.describe(photo).catch((error) => error.code));
    await busy.close();
    expect(await Promise.all(underWay)).toEqual(Array(4).fill("ERR_ENGINE_CLOSED"));
    const closed = await createFaceEngine(light);
    await closed.close();
    await expect(closed.describe(photo)).rejects.toMatchObject({ code: "ERR_ENGINE_CLOSED" });
  });
});

/** The header of a PNG of 30,000 x 30,000 pixels: enough for a decoder to reserve 2.7 GB. */
async function bomb(): Promise<Buffer> {
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: "#000" } })
    .png()
    .toBuffer();
  const header = png.subarray(12, 29);
  header.writeUInt32BE(30_000, 4);
  header.writeUInt32BE(30_000, 8);
  png.writeUInt32BE(crc32(header), 29);
  return png;
}

/** CRC-32 as PNG chunks carry it (zlib has it as a function only from Node 22 on). */
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}

describe.skipIf(!hasShared)("the London faces", () => {
  it("smiling faces match their neutral ones at rank 1 (20 of 102 people)", async () => {
    const people = 20;
    const gallery = await collect(london("neutral").slice(0, people));
    const probes = await collect(london("smiling").slice(0, people));
    const embedding = (outcome: PhotoOutcome) =>
      outcome.status === "described" ? outcome.faces[0]?.embedding : undefined;
    probes.forEach((probe, i) => {
      const distances = gallery.map((each) =>
        euclideanDistance(embedding(probe) ?? new Float32Array(), embedding(each) ?? new Float32Array()),
      );
      expect(distances.indexOf(Math.min(...distances)), String(probe.photo)).toBe(i);
    });
  });
});
