import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  commonParts,
  covers,
  defaultMetric,
  euclideanDistance,
  FEATURE_COUNT,
  measures,
  PART_RANGES,
  PARTS,
  type Point,
  partsOf,
  resemblanceVector,
  restrict,
  vectorSize,
  withParts,
} from "../../../src/faces/index.ts";
import { assembleFeatures } from "../../../src/faces/resemblance/features.ts";
import { landmarkShape } from "../../../src/faces/resemblance/shape.ts";

/** A face of any shape whose eyes lie apart. */
const faces = fc
  .array(
    fc.tuple(fc.double({ min: 0, max: 100, noNaN: true }), fc.double({ min: 0, max: 100, noNaN: true })),
    {
      minLength: 68,
      maxLength: 68,
    },
  )
  .map((points) => points.map(([x, y], i): Point => (i >= 42 && i < 48 ? [x + 150, y] : [x, y])));
const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe("the shape of landmarks", () => {
  it("does not change when the face is moved, turned or enlarged", () => {
    fc.assert(
      fc.property(faces, real(0.2, 5), real(-3, 3), (face, zoom, angle) => {
        const [cos, sin] = [zoom * Math.cos(angle), zoom * Math.sin(angle)];
        const moved = face.map(([x, y]): Point => [cos * x - sin * y + 40, sin * x + cos * y - 7]);
        const shape = landmarkShape(face);
        expect(euclideanDistance(shape, landmarkShape(moved))).toBeLessThan(1e-4);
        expect(Math.hypot(...shape)).toBeCloseTo(1, 4);
      }),
      { numRuns: 50 },
    );
  });
});

describe("features", () => {
  it("put every part in its own place", () => {
    const attributes = { age: 44.7 + 15.75 * Math.SQRT2, female: 1, smiling: 0.676, hair: "red" } as const;
    const evidence = { embedding: new Float32Array(128), landmarks: [], traits: null, look: null };
    const features = assembleFeatures({ ...evidence, attributes });
    expect(features).toHaveLength(FEATURE_COUNT);
    expect(features[PART_RANGES.age[0]]).toBeCloseTo(1, 5);
    expect(features[PART_RANGES.smile[0]]).toBeCloseTo(0, 5);
    const hair = [...features.subarray(...PART_RANGES.hair)];
    expect(hair.filter((value) => value > 0)).toEqual([expect.closeTo(Math.SQRT1_2)]);
    expect([...features.subarray(...PART_RANGES.look)].every((value) => value === 0)).toBe(true);
    expect(PARTS.at(-1)?.name).toBe("hair");
    expect(PART_RANGES.hair[1]).toBe(FEATURE_COUNT);
  });

  it("of one id serve an engine that computes no more", () => {
    const all = "features-2+traits+look-0123";
    expect([...partsOf(all)]).toHaveLength(7);
    expect([...partsOf("features-2")]).toEqual(["identity", "shape"]);
    expect(covers(all, "features-2+traits")).toBe(true);
    expect(covers("features-2+traits", all)).toBe(false);
    expect(covers(all, "features-2+traits+look-9999")).toBe(false);
    expect(covers(all, "features-3+traits")).toBe(false);
  });
});

describe("parts in common", () => {
  it("are those that the same networks computed", () => {
    const common = (...ids: string[]) => [...commonParts(ids)].join(" ");
    expect(common("features-2+traits+look-a", "features-2+look-a")).toBe("identity shape look");
    expect(common("features-2+look-a", "features-2+look-b")).toBe("identity shape");
    expect(common("features-2+traits+look-a", "features-2+traits+look-b", "features-2+traits")).toBe(
      "identity shape traits age smile hair",
    );
    expect(common()).toBe("");
  });

  it("are the only ones that a metric uses, also in its map", () => {
    const values = new Float32Array(FEATURE_COUNT).fill(1);
    const metric = { ...defaultMetric(partsOf("features-2+traits+look-x")), map: { rank: 1, values } };
    const kept = new Set(["identity", "age"] as const);
    const part = restrict(metric, kept);
    const face = Float32Array.from({ length: FEATURE_COUNT }, (_, i) => Math.cos(i));
    const known = withParts(face, kept);
    expect(resemblanceVector(face, part)).toEqual(resemblanceVector(known, part));
    expect(known.filter((value) => value !== 0)).toHaveLength(PART_RANGES.identity[1] + 1);
    expect(values.every((value) => value === 1)).toBe(true);
    expect([measures(part), measures(restrict(metric, new Set()))]).toEqual([true, false]);
  });
});

describe("a metric", () => {
  it("is a Euclidean distance: the weighted sum of its parts' squared distances, and of the mapped difference's", () => {
    const random = (seed: number) =>
      Float32Array.from({ length: FEATURE_COUNT }, (_, i) => Math.sin(seed * 97 + i * i));
    const [a, b] = [random(1), random(2)];
    const map = {
      rank: 2,
      values: Float32Array.from({ length: 2 * FEATURE_COUNT }, (_, i) => Math.cos(i) / 10),
    };
    const metric = { ...defaultMetric(partsOf("features-2+traits+look-x"), { hair: 0.2 }), map };
    const squared = PARTS.reduce((sum, { name }) => {
      const range = PART_RANGES[name];
      return sum + metric.weights[name] * euclideanDistance(a.subarray(...range), b.subarray(...range)) ** 2;
    }, 0);
    const mapped = [0, 1].map((row) =>
      a.reduce(
        (sum, value, i) => sum + (value - (b[i] ?? 0)) * (map.values[row * FEATURE_COUNT + i] ?? 0),
        0,
      ),
    );
    const expected = Math.sqrt(squared + mapped.reduce((sum, value) => sum + value * value, 0));
    expect(euclideanDistance(resemblanceVector(a, metric), resemblanceVector(b, metric))).toBeCloseTo(
      expected,
      4,
    );
    const part = restrict(metric, new Set(["age"]));
    expect(vectorSize(part)).toBe(1 + 2);
  });
});
