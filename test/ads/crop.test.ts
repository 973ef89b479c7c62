import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseCrop, frameCrop, headOf, type Scene, sceneOf } from "../../src/ads/index.ts";
import type { Draft } from "../../src/ads/layout/draft.ts";
import { leadFlaws } from "../../src/ads/layout/leading.ts";
import { obstaclesOf } from "../../src/ads/layout/obstacles.ts";
import { slantCut, slantRise } from "../../src/ads/layout/rect.ts";
import type { Canvas } from "../../src/ads/templates/types.ts";
import type { Point } from "../../src/faces/index.ts";
import { samplePhoto } from "./samples.ts";

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const holds = (outer: Box, inner: Box, slack = 1) =>
  inner.x >= outer.x - slack &&
  inner.y >= outer.y - slack &&
  inner.x + inner.width <= outer.x + outer.width + slack &&
  inner.y + inner.height <= outer.y + outer.height + slack;

const meets = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const scenes: fc.Arbitrary<Scene> = fc
  .record({
    width: fc.integer({ min: 200, max: 4000 }),
    height: fc.integer({ min: 200, max: 4000 }),
    heads: fc.array(
      fc.record({
        x: fc.double({ min: 0, max: 0.9, noNaN: true }),
        y: fc.double({ min: 0, max: 0.9, noNaN: true }),
        size: fc.double({ min: 0.03, max: 0.6, noNaN: true }),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map(({ width, height, heads }) => {
    const boxes = heads.map(({ x, y, size }) => {
      const side = size * Math.min(width, height);
      const bounds = { x: x * width, y: y * height, width: side, height: side * 1.3 };
      return {
        bounds,
        eyes: [bounds.x + side / 2, bounds.y + side * 0.6] as Point,
        gaze: 0,
        face: side * 0.7,
        area: 0.35 * side ** 2,
      };
    });
    return sceneOf({ width, height, focus: null }, boxes, 0);
  });

const slots = fc.record({
  x: fc.constant(0),
  y: fc.constant(0),
  width: fc.integer({ min: 100, max: 1600 }),
  height: fc.integer({ min: 100, max: 1600 }),
});

describe("chooseCrop", () => {
  it("stays in the photo, keeps the slot's shape and the whole leading head, and clears the obstacles", () => {
    fc.assert(
      fc.property(scenes, slots, fc.double({ min: 0.1, max: 0.5, noNaN: true }), (scene, slot, share) => {
        const obstacle = { ...slot, y: slot.height * (1 - share), height: slot.height * share };
        const crop = chooseCrop(scene, slot, { obstacles: [obstacle] });
        if (crop === null) return;
        const { region, target } = crop;
        expect(holds({ x: 0, y: 0, width: scene.width, height: scene.height }, region)).toBe(true);
        expect(region.width / region.height).toBeCloseTo(slot.width / slot.height, 3);
        const lead = scene.heads[0]?.bounds;
        if (!lead) throw new Error("no head");
        expect(holds(region, lead)).toBe(true);
        const scale = target.width / region.width;
        const onCanvas = {
          x: target.x + (lead.x - region.x) * scale,
          y: target.y + (lead.y - region.y) * scale,
          width: lead.width * scale,
          height: lead.height * scale,
        };
        expect(meets(onCanvas, { ...obstacle, y: obstacle.y + 1 })).toBe(false);
      }),
      { numRuns: 150, seed: 7 },
    );
  });

  it("finds a crop wherever the photo already has the slot's shape and a head with room around it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 3000 }),
        fc.integer({ min: 300, max: 3000 }),
        (width, height) => {
          const side = Math.min(width, height) * 0.3;
          const bounds = { x: (width - side) / 2, y: height * 0.3, width: side, height: side };
          const head = {
            bounds,
            eyes: [width / 2, height * 0.4] as Point,
            gaze: 0,
            face: side * 0.6,
            area: 0.27 * side ** 2,
          };
          const scene = sceneOf({ width, height, focus: null }, [head], 0);
          expect(chooseCrop(scene, { x: 0, y: 0, width: width / 2, height: height / 2 })).not.toBeNull();
        },
      ),
      { numRuns: 50, seed: 7 },
    );
  });

  it("cuts no other head where it need not", async () => {
    for (const lead of [0, 1, 2, 3]) {
      const photo = await samplePhoto("sample6.jpg", lead);
      const scene = sceneOf(photo, photo.faces.map(headOf), lead);
      for (const height of [400, 700, 1080]) {
        expect(chooseCrop(scene, { x: 0, y: 0, width: 700, height })?.cutHeads).toBe(0);
      }
    }
  });
});

describe("the leading face of a group", () => {
  const slot = { x: 0, y: 0, width: 1080, height: 640 };
  const cropOf = async (name: string, lead: number) => {
    const photo = await samplePhoto(name, lead);
    return chooseCrop(sceneOf(photo, photo.faces.map(headOf), lead), slot, { short: 1080 });
  };

  it.each([0, 1])("leads beside people who stand apart: face %i", async (lead) => {
    expect((await cropOf("sample1.jpg", lead))?.flaws).toEqual([]);
  });

  it.each([
    ["sample4.jpg", 2],
    ["sample5.jpg", 2],
  ] as const)(
    "does not lead where larger faces stand close, and the crop says why: %s, face %i",
    async (name, lead) => {
      const crop = await cropOf(name, lead);
      expect(crop?.flaws.some((flaw) => flaw === "outgrown" || flaw === "headless")).toBe(true);
    },
  );

  it("leads alone where its neighbours' shoulders are below what a panel shows", async () => {
    const photo = await samplePhoto("sample1.jpg", 2);
    const scene = sceneOf(photo, photo.faces.map(headOf), 2);
    const crop = chooseCrop(scene, { x: 0, y: 0, width: 400, height: 400 }, { short: 900 });
    expect(crop?.flaws).toEqual([]);
    const shown = scene.heads.filter(({ bounds }) => crop && meets(bounds, crop.region));
    expect(shown).toEqual([scene.heads[2]]);
  });

  it("does not lead beside a face that the photo's edge cuts, or a body whose head is left out", () => {
    const face = (x: number, y: number) => ({
      bounds: { x, y, width: 300, height: 360 },
      eyes: [x + 150, y + 180] as Point,
      gaze: 0,
      face: 180,
      area: 150 * 180,
    });
    const size = { width: 1400, height: 700, focus: null };
    const severed = sceneOf(size, [face(500, 100), face(1250, 120)], 0);
    const whole = { x: 0, y: 0, width: 1400, height: 700 };
    const shown = { region: whole, scale: 1, short: 700 };
    expect(leadFlaws(severed, shown)).toContain("severed");
    const beside = sceneOf({ ...size, height: 1400 }, [face(500, 600), face(560, 20)], 0);
    const below = { x: 300, y: 590, width: 700, height: 700 };
    expect(leadFlaws(beside, { region: below, scale: 1, short: 700 })).toEqual(["headless"]);
  });

  it("does not lead beside an equal face, and leads beside a clearly smaller one", () => {
    const face = (x: number, height: number, width = 0.75 * height) => ({
      bounds: { x, y: 100, width: 1.6 * height, height: 1.9 * height },
      eyes: [x + 0.8 * height, 100 + height] as Point,
      gaze: 0,
      face: height,
      area: width * height,
    });
    const flawsBeside = (height: number, region = { x: 0, y: 0, width: 1400, height: 700 }) => {
      const scene = sceneOf(
        { width: 1400, height: 700, focus: null },
        [face(200, 200), face(800, height)],
        0,
      );
      return leadFlaws(scene, { region, scale: 1, short: 700 });
    };
    expect([160, 180, 198, 202].map((height) => flawsBeside(height))).toEqual([
      [],
      ["equalled"],
      ["equalled"],
      ["outgrown"],
    ]);
    expect(flawsBeside(198, { x: 100, y: 0, width: 600, height: 600 })).toEqual([]);
    // The box of a bowed head is higher than that of an equal face beside it.
    const bowed = sceneOf(
      { width: 1400, height: 700, focus: null },
      [face(200, 263, 206), face(800, 220, 196)],
      0,
    );
    const whole = { x: 0, y: 0, width: 1400, height: 700 };
    expect(leadFlaws(bowed, { region: whole, scale: 1, short: 700 })).toEqual(["equalled"]);
  });

  it("leads where a panel or a round corner covers the bodies of the others", () => {
    const face = (x: number, y: number) => ({
      bounds: { x, y, width: 300, height: 360 },
      eyes: [x + 150, y + 180] as Point,
      gaze: 0,
      face: 180,
      area: 150 * 180,
    });
    const scene = sceneOf({ width: 1400, height: 1400, focus: null }, [face(500, 600), face(560, 20)], 0);
    const shown = { region: { x: 300, y: 590, width: 700, height: 700 }, scale: 1, short: 700 };
    const left = { x: 300, y: 590, width: 350, height: 700 };
    expect(leadFlaws(scene, { ...shown, hidden: [left] })).toEqual(["headless"]);
    const rest = { ...left, x: 650 };
    expect(leadFlaws(scene, { ...shown, hidden: [left, rest] })).toEqual([]);
  });

  it("is as large as it should be unless the photo's pixels do not allow it", () => {
    const head = {
      bounds: { x: 300, y: 300, width: 100, height: 120 },
      eyes: [350, 360] as Point,
      gaze: 0,
      face: 60,
      area: 50 * 60,
    };
    const scene = sceneOf({ width: 800, height: 800, focus: null }, [head], 0);
    const region = { x: 100, y: 100, width: 600, height: 600 };
    expect(leadFlaws(scene, { region, scale: 1, short: 600 })).toEqual(["small"]);
    expect(leadFlaws(scene, { region, scale: 1.5, short: 900 })).toEqual([]);
    expect(leadFlaws(scene, { region, scale: 5, short: 600 })).toEqual(["large"]);
  });
});

describe("a round slot", () => {
  const slot = { x: 0, y: 0, width: 400, height: 400 };
  const corners = [0, 342].flatMap((x) => [0, 342].map((y) => ({ x, y, width: 58, height: 58 })));

  /** The boxes of heads but one where they show in the slot. */
  const othersIn = ({ heads }: ReturnType<typeof sceneOf>, lead: number, { x, y, width }: Box) =>
    heads
      .filter((_, index) => index !== lead)
      .map(({ bounds }) => {
        const scale = slot.width / width;
        const place = { x: (bounds.x - x) * scale, y: (bounds.y - y) * scale };
        return { ...place, width: bounds.width * scale, height: bounds.height * scale };
      })
      .filter((placed) => meets(placed, { x: 8, y: 8, width: 384, height: 384 }));

  it("takes the corners of the leading head's box, which are air, and nothing of another head", async () => {
    let inside = 0;
    for (const name of ["sample1.jpg", "sample4.jpg", "sample6.jpg"]) {
      for (const lead of [0, 1, 2]) {
        const photo = await samplePhoto(name, lead);
        const scene = sceneOf(photo, photo.faces.map(headOf), lead);
        const crop = chooseCrop(scene, slot, { corners, short: 1080 });
        const strict = chooseCrop(scene, slot, { obstacles: corners, short: 1080 });
        expect(strict !== null && crop === null).toBe(false);
        const others = crop === null ? [] : othersIn(scene, lead, crop.region);
        for (const other of others) expect(corners.some((corner) => meets(other, corner))).toBe(false);
        inside += others.length;
      }
    }
    expect(inside).toBeGreaterThan(0);
  });
});

describe("a slanted ground", () => {
  const rect = { x: 200, y: 300, width: 600, height: 400 };
  const canvas: Canvas = {
    width: 1000,
    height: 700,
    margin: 40,
    radius: 0,
    inner: { x: 40, y: 40, width: 920, height: 620 },
    open: { x: 0, y: 0, width: 1000, height: 700 },
  };
  const sizeOf = (rects: readonly Box[]) => rects.reduce((sum, { width, height }) => sum + width * height, 0);

  it.each(["bottom", "top", "left", "right"] as const)(
    "hides bodies only where it is, and keeps heads off everything that it reaches: %s",
    (side) => {
      const ground = { rect, surface: "brand", shape: "slant" } as const;
      const arrangement = { side, slot: canvas.open, ground } as Draft["arrangement"];
      const { obstacles, covers } = obstaclesOf(
        { arrangement, ground: rect, parts: [] } as unknown as Draft,
        canvas,
      );
      const lost =
        side === "bottom" || side === "top" ? slantRise(rect) / rect.height : slantCut(rect) / rect.width;
      const drawn = (1 - lost / 2) * sizeOf([rect]);
      expect(sizeOf(covers)).toBeLessThan(drawn);
      expect(sizeOf(covers)).toBeGreaterThan(0.9 * drawn);
      expect(sizeOf(obstacles)).toBeGreaterThan(drawn);
      for (const [index, cover] of covers.entries()) {
        expect(holds(rect, cover)).toBe(true);
        const inner = {
          ...cover,
          x: cover.x + 0.1,
          y: cover.y + 0.1,
          width: cover.width - 0.2,
          height: cover.height - 0.2,
        };
        expect(covers.slice(index + 1).some((other) => meets(inner, other))).toBe(false);
      }
    },
  );
});

describe("a platform that covers part of the slot", () => {
  const slot = { x: 0, y: 0, width: 1080, height: 900 };
  const open = { x: 0, y: 270, width: 1080, height: 630 };

  it.each([0, 1, 2])("has head %i beside what it covers, where the photo has room above", async (lead) => {
    const photo = await samplePhoto("sample1.jpg", lead);
    const scene = sceneOf(photo, photo.faces.map(headOf), lead);
    const topOf = (uncovered?: Box) => {
      const crop = chooseCrop(scene, slot, { open: uncovered });
      const head = scene.heads[lead]?.bounds;
      if (!crop || !head) throw new Error("no crop");
      return ((head.y - crop.region.y) * slot.height) / crop.region.height;
    };
    expect(topOf(open)).toBeGreaterThan(topOf());
  });

  it("shows a framed photo in the open part", async () => {
    const photo = await samplePhoto("sample1.jpg", 0);
    const { target } = frameCrop(sceneOf(photo, photo.faces.map(headOf), 0), slot, { open });
    expect(holds(open, target)).toBe(true);
  });
});

describe("frameCrop", () => {
  it("keeps the whole leading head inside the slot, whatever the shapes", () => {
    fc.assert(
      fc.property(scenes, slots, (scene, slot) => {
        const { region, target } = frameCrop(scene, slot);
        const lead = scene.heads[0]?.bounds;
        if (!lead) throw new Error("no head");
        expect(holds(region, lead)).toBe(true);
        expect(holds(slot, target)).toBe(true);
        expect(region.width / region.height).toBeCloseTo(target.width / target.height, 3);
      }),
      { numRuns: 150, seed: 7 },
    );
  });
});

describe("headOf", () => {
  it("turns with the face: a rolled head is as large as an upright one, and stands on its own chin", async () => {
    const photo = await samplePhoto("sample6.jpg");
    const face = photo.faces[0];
    if (!face) throw new Error("no face");
    const upright = headOf(face);
    const turned = (degrees: number) => {
      const angle = (degrees * Math.PI) / 180;
      const landmarks = face.landmarks.map(([x, y]): Point => {
        const dx = x - upright.eyes[0];
        const dy = y - upright.eyes[1];
        return [
          upright.eyes[0] + dx * Math.cos(angle) - dy * Math.sin(angle),
          upright.eyes[1] + dx * Math.sin(angle) + dy * Math.cos(angle),
        ];
      });
      return headOf({ box: face.box, landmarks });
    };
    const quarter = turned(90).bounds;
    expect(quarter.width).toBeCloseTo(upright.bounds.height, -1);
    expect(quarter.height).toBeCloseTo(upright.bounds.width, -1);
    // A head lying on its side, turned clockwise: the crown points right.
    expect(quarter.x + quarter.width - upright.eyes[0]).toBeGreaterThan(upright.eyes[0] - quarter.x);
  });

  it("goes by the box where the landmarks have collapsed, as on a face that the photo's edge cuts", () => {
    const box = { x: 139, y: 201, width: 65, height: 46 };
    const landmarks = Array.from({ length: 68 }, (_, i): Point => [176 + (i % 7), 222 + (i % 11)]);
    const { bounds } = headOf({ box, landmarks });
    expect(holds(bounds, box)).toBe(true);
    expect(bounds.width).toBeGreaterThan(1.2 * box.width);
    expect(box.y - bounds.y).toBeGreaterThan(0.4 * box.height);
  });

  it("holds all landmarks and rises above the brows", async () => {
    for (const name of ["sample3.jpg", "sample5.jpg"]) {
      for (const face of (await samplePhoto(name)).faces) {
        const { bounds } = headOf(face);
        for (const [x, y] of face.landmarks) expect(holds(bounds, { x, y, width: 0, height: 0 })).toBe(true);
        const brow = Math.min(...face.landmarks.slice(17, 27).map((point) => point[1]));
        expect(brow - bounds.y).toBeGreaterThan(0.3 * bounds.height);
      }
    }
  });
});
