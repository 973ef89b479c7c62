import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alignment, mirrorLandmarks } from "../../../src/faces/landmarks/align.ts";
import { ssdAnchors } from "../../../src/faces/networks/anchors.ts";
import { readWeights } from "../../../src/faces/networks/weights.ts";
import {
  type Affine,
  apply,
  compose,
  fitSimilarity,
  invert,
  mergeSightings,
  overlap,
  suppressOverlaps,
  turnedSquare,
} from "../../../src/faces/pictures/geometry.ts";
import type { Box, Point } from "../../../src/faces/types.ts";

const number = fc.double({ min: -500, max: 500, noNaN: true });
const point = fc.tuple(number, number) as fc.Arbitrary<Point>;
const similarity = fc
  .record({
    scale: fc.double({ min: 0.1, max: 8, noNaN: true }),
    angle: fc.double({ min: -3, max: 3, noNaN: true }),
    x: number,
    y: number,
  })
  .map(({ scale, angle, x, y }): Affine => {
    const [a, d] = [scale * Math.cos(angle), scale * Math.sin(angle)];
    return { a, b: -d, c: x, d, e: a, f: y };
  });
const box = fc.record({
  x: number,
  y: number,
  width: fc.double({ min: 1, max: 300, noNaN: true }),
  height: fc.double({ min: 1, max: 300, noNaN: true }),
});

describe("plane maps", () => {
  it("a fitted similarity recovers the one that made the points", () => {
    const triangle: Point[] = [
      [0, 0],
      [100, 10],
      [30, 90],
    ];
    fc.assert(
      fc.property(similarity, (map) => {
        const fitted = fitSimilarity(
          triangle,
          triangle.map((p) => apply(map, p)),
        );
        for (const key of ["a", "b", "c", "d", "e", "f"] as const)
          expect(fitted[key]).toBeCloseTo(map[key], 6);
      }),
    );
  });

  it("the inverse undoes a map, and compose does one after the other", () => {
    fc.assert(
      fc.property(similarity, similarity, point, (first, second, p) => {
        const [x, y] = apply(invert(first), apply(first, p));
        expect(x).toBeCloseTo(p[0], 5);
        expect(y).toBeCloseTo(p[1], 5);
        const both = apply(compose(first, second), p);
        const steps = apply(second, apply(first, p));
        expect(both[0]).toBeCloseTo(steps[0], 5);
        expect(both[1]).toBeCloseTo(steps[1], 5);
      }),
    );
  });

  it("a turned square keeps its middle and turns its corners", () => {
    const window: Box = { x: 10, y: 20, width: 100, height: 100 };
    for (const turn of [0, 1, 2, 3]) {
      const [x, y] = apply(turnedSquare(window, 50, turn), [25, 25]);
      expect([x, y].map(Math.round)).toEqual([60, 70]);
    }
    // A face turned clockwise by a quarter has its top towards the photo's right.
    expect(apply(turnedSquare(window, 50, 1), [25, 0]).map(Math.round)).toEqual([110, 70]);
  });
});

describe("boxes", () => {
  it("overlap is symmetric, 1 with itself and 0 apart", () => {
    fc.assert(
      fc.property(box, box, (a, b) => {
        expect(overlap(a, b)).toBeCloseTo(overlap(b, a), 9);
        expect(overlap(a, a)).toBeCloseTo(1, 9);
        expect(overlap(a, { ...b, x: a.x + a.width + 1 })).toBe(0);
      }),
    );
  });

  it("suppression keeps the best, and no two that overlap", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ box, score: fc.double({ min: 0, max: 1, noNaN: true }) }), { minLength: 1 }),
        (all) => {
          const kept = suppressOverlaps(all, 0.5);
          expect(kept[0]?.score).toBe(Math.max(...all.map(({ score }) => score)));
          for (const [i, a] of kept.entries()) {
            for (const b of kept.slice(i + 1)) expect(overlap(a.box, b.box)).toBeLessThanOrEqual(0.5);
          }
        },
      ),
    );
  });

  it("two looks at one face are merged even where one box lies inside the other", () => {
    const outer = { box: { x: 0, y: 0, width: 100, height: 120 }, score: 0.9 };
    const inner = { box: { x: 20, y: 20, width: 50, height: 60 }, score: 0.8 };
    const apart = { box: { x: 90, y: 0, width: 100, height: 120 }, score: 0.7 };
    expect(mergeSightings([inner, outer, apart])).toEqual([outer, apart]);
  });
});

describe("alignment", () => {
  it("puts the eyes of the chip where dlib's template has them", () => {
    // Any upright, scaled set of the template's own points must land on itself.
    const upright = templateLandmarks();
    const [x, y] = apply(alignment(upright, 150, 0.25), upright[36] as Point);
    expect(x).toBeCloseTo(((0.25 + 0.121737) / 1.5) * 150, 3);
    expect(y).toBeCloseTo(((0.25 + 0.216423) / 1.5) * 150, 3);
  });

  it("mirroring landmarks twice gives them back", () => {
    const points = Array.from({ length: 68 }, (_, i): Point => [i, 2 * i]);
    expect(mirrorLandmarks(mirrorLandmarks(points, 112), 112)).toEqual(points);
  });
});

/** The template itself, in px of a 400-px face, found by fitting each point alone. */
function templateLandmarks(): Point[] {
  const eyes: Record<number, Point> = {
    36: [0.121737, 0.216423],
    39: [0.334606, 0.231733],
    42: [0.645647, 0.231733],
    45: [0.858516, 0.216423],
    33: [0.490127, 0.628106],
    48: [0.254149, 0.780233],
    54: [0.726104, 0.780233],
  };
  const points: Point[] = [];
  for (const [index, [x, y]] of Object.entries(eyes)) points[Number(index)] = [x * 400 + 70, y * 400 - 30];
  return points;
}

describe("anchors", () => {
  it("are those that face-api stores for 512 px", async () => {
    const stored = (await readWeights("ssd_mobilenetv1")).tensors.get("Output/extra_dim")?.values ?? [];
    const ours = ssdAnchors(512);
    expect(ours.length).toBe(stored.length);
    let worst = 0;
    for (let i = 0; i < stored.length; i += 4) {
      const [top = 0, left = 0, bottom = 0, right = 0] = [...stored.slice(i, i + 4)].map(
        (value) => value * 512,
      );
      const [x = 0, y = 0, width = 0, height = 0] = ours.subarray(i, i + 4);
      const corners = [y - height / 2, x - width / 2, y + height / 2, x + width / 2];
      worst = Math.max(
        worst,
        ...[top, left, bottom, right].map((value, k) => Math.abs(value - (corners[k] ?? 0))),
      );
    }
    expect(worst).toBeLessThan(0.1);
  });
});
