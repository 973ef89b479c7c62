import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alignChip, cropFace } from "../../../src/faces/landmarks/align.ts";
import { createFaceApiNetworks } from "../../../src/faces/networks/face-api/networks.ts";
import { createOnnxNetworks } from "../../../src/faces/networks/onnx/networks.ts";
import { allocateBatch, batchItem, type PixelBatch } from "../../../src/faces/pictures/pixels.ts";
import { warp } from "../../../src/faces/pictures/warp.ts";
import type { FaceNetworks, Point } from "../../../src/faces/types.ts";
import { decodePhoto, type RgbImage } from "../../../src/io/image/index.ts";
import { hasShared, london, SAMPLES } from "../fixtures.ts";

/** One suite for every implementation of `FaceNetworks`, then a comparison of the two number by number. */

interface Seen {
  readonly image: RgbImage;
  readonly picture: PixelBatch;
}

async function see(path: string): Promise<Seen> {
  const { image } = await decodePhoto(path, { maxSide: 900 });
  const picture = allocateBatch(1, 512);
  const scale = Math.max(image.width, image.height) / 512;
  warp(image, { a: scale, b: 0, c: 0, d: 0, e: scale, f: 0 }, batchItem(picture, 0));
  return { image, picture };
}

function cropsOf({ image }: Seen, boxes: readonly { x: number; y: number; width: number; height: number }[]) {
  const scale = Math.max(image.width, image.height) / 512;
  const crops = allocateBatch(boxes.length, 112);
  boxes.forEach((box, i) => {
    const scaled = {
      x: box.x * scale,
      y: box.y * scale,
      width: box.width * scale,
      height: box.height * scale,
    };
    cropFace(image, { box: scaled, turn: 0 }, batchItem(crops, i));
  });
  return crops;
}

/** Compiling them takes as long as the comparison. */
let onnx: FaceNetworks;
let reference: FaceNetworks;
beforeAll(async () => {
  onnx = createOnnxNetworks({ threads: 1 });
  reference = await createFaceApiNetworks();
});
afterAll(async () => {
  await onnx.close();
  await reference.close();
});

describe.each([
  ["onnx", () => onnx],
  ["tfjs", () => reference],
] as const)("%s networks", (_, opened) => {
  it("find the people of a group photo, best first and inside the picture", async () => {
    const { picture } = await see(SAMPLES[4] as string);
    const [faces = []] = await opened().detect(picture, 0.5);
    expect(faces).toHaveLength(5);
    expect(faces.map((face) => face.score)).toEqual(
      faces.map((face) => face.score).toSorted((a, b) => b - a),
    );
    for (const { box } of faces) {
      expect(box.x).toBeGreaterThan(0);
      expect(box.y + box.height).toBeLessThan(512);
      expect(box.height).toBeGreaterThan(box.width);
    }
  });

  it("find nobody in a flat picture", async () => {
    const flat = allocateBatch(1, 512);
    flat.data.fill(120);
    expect(await opened().detect(flat, 0.3)).toEqual([[]]);
  });

  it("give every picture of a batch what it gets alone", async () => {
    const seen = await see(SAMPLES[3] as string);
    const [faces = []] = await opened().detect(seen.picture, 0.5);
    const crops = cropsOf(
      seen,
      faces.map((face) => face.box),
    );
    const together = await opened().landmarks(crops);
    const alone = await opened().landmarks({ count: 1, size: 112, data: batchItem(crops, 1).data.slice() });
    expect(maxPointDistance(together[1] ?? [], alone[0] ?? [])).toBeLessThan(0.01);
    expect(together[0]).toHaveLength(68);
    const one = { count: 1, size: 112, data: batchItem(crops, 1).data.slice() };
    const [ages, [age]] = [await opened().ageGender(crops), await opened().ageGender(one)];
    expect(ages[1]?.age).toBeCloseTo(age?.age ?? Number.NaN, 2);
    expect(ages[1]?.female).toBeCloseTo(age?.female ?? Number.NaN, 3);
    const [expressions, [expression]] = [await opened().expressions(crops), await opened().expressions(one)];
    expect(expressions[1]?.[1]).toBeCloseTo(expression?.[1] ?? Number.NaN, 3);
    for (const probabilities of expressions) {
      expect(probabilities).toHaveLength(7);
      expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
    }
  });
});

describe("a crowd", () => {
  it("of more faces than a network takes at once gets what each face gets alone, in order", async () => {
    const seen = await see(SAMPLES[3] as string);
    const [faces = []] = await onnx.detect(seen.picture, 0.5);
    // 40 crops, each of another place of the photo.
    const boxes = Array.from({ length: 40 }, (_, i) => {
      const { x, y, width, height } = faces[i % faces.length]?.box ?? { x: 0, y: 0, width: 50, height: 50 };
      return { x: x + i, y: y - i / 2, width, height };
    });
    const crops = cropsOf(seen, boxes);
    const [points, ages] = [await onnx.landmarks(crops), await onnx.ageGender(crops)];
    expect([points.length, ages.length]).toEqual([40, 40]);
    for (const i of [0, 15, 16, 31, 32, 39]) {
      const one = { count: 1, size: 112, data: batchItem(crops, i).data.slice() };
      const [[alone], [age]] = [await onnx.landmarks(one), await onnx.ageGender(one)];
      expect(maxPointDistance(points[i] ?? [], alone ?? [])).toBeLessThan(0.01);
      expect(ages[i]?.age).toBeCloseTo(age?.age ?? Number.NaN, 2);
      expect(ages[i]?.traits).toHaveLength(512);
    }
    expect(maxPointDistance(points[0] ?? [], points[39] ?? [])).toBeGreaterThan(0.5);
  });
});

/** Groups of four and five people, then portraits. */
const photos = [
  ...SAMPLES.slice(3),
  ...(hasShared ? [...london("neutral"), ...london("smiling")] : []),
  ...SAMPLES.slice(0, 3),
];

describe(`onnx against face-api's own forward passes on ${photos.length} photos`, () => {
  // The reference takes 0.3 s a photo, so the full comparison runs on request and a sample of it always.
  const compared = process.env.LOOKALIKE_FULL_CONTRACT ? photos : photos.slice(0, 5);
  it(`agree on boxes, landmarks, embeddings and attributes (${compared.length} photos compared)`, async () => {
    const worst = { faces: 0, box: 0, landmark: 0, embedding: 0, years: 0, probability: 0 };
    for (const path of compared) {
      const seen = await see(path);
      const [[ours = []], [theirs = []]] = [
        await onnx.detect(seen.picture, 0.3),
        await reference.detect(seen.picture, 0.3),
      ];
      expect(ours.length, path).toBe(theirs.length);
      ours.forEach(({ box }, i) => {
        const other = theirs[i]?.box ?? box;
        worst.box = Math.max(
          worst.box,
          ...(["x", "y", "width", "height"] as const).map((k) => Math.abs(box[k] - other[k])),
        );
      });
      const crops = cropsOf(
        seen,
        ours.map((face) => face.box),
      );
      const [a, b] = [await onnx.landmarks(crops), await reference.landmarks(crops)];
      a.forEach((points, i) => {
        worst.landmark = Math.max(worst.landmark, maxPointDistance(points, b[i] ?? []));
      });
      const chips = allocateBatch(ours.length, 150);
      a.forEach((points, i) => {
        alignChip(batchItem(crops, i), points, batchItem(chips, i));
      });
      const [e, f] = [await onnx.embed(chips), await reference.embed(chips)];
      e.forEach((embedding, i) => {
        embedding.forEach((value, j) => {
          worst.embedding = Math.max(worst.embedding, Math.abs(value - (f[i]?.[j] ?? 0)));
        });
      });
      const [g, h] = [await onnx.ageGender(crops), await reference.ageGender(crops)];
      g.forEach(({ age, female }, i) => {
        worst.years = Math.max(worst.years, Math.abs(age - (h[i]?.age ?? Infinity)));
        worst.probability = Math.max(worst.probability, Math.abs(female - (h[i]?.female ?? Infinity)));
      });
      const [p, q] = [await onnx.expressions(crops), await reference.expressions(crops)];
      p.forEach((probabilities, i) => {
        probabilities.forEach((value, j) => {
          worst.probability = Math.max(worst.probability, Math.abs(value - (q[i]?.[j] ?? Infinity)));
        });
      });
      worst.faces += ours.length;
    }
    expect(worst.faces).toBeGreaterThanOrEqual(compared.length);
    expect(worst.box).toBeLessThan(1);
    expect(worst.landmark).toBeLessThan(0.5);
    expect(worst.embedding).toBeLessThan(1e-3);
    expect(worst.years).toBeLessThan(0.05);
    expect(worst.probability).toBeLessThan(1e-3);
  }, 300_000);
});

function maxPointDistance(a: readonly Point[], b: readonly Point[]): number {
  return Math.max(
    ...a.map(([x, y], i) => Math.hypot(x - (b[i]?.[0] ?? Infinity), y - (b[i]?.[1] ?? Infinity))),
  );
}
