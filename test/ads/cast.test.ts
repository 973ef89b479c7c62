import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Scene, sceneOf } from "../../src/ads/index.ts";
import {
  castOf,
  certainFlaws,
  columnLines,
  flawsAt,
  type Line,
  rowLines,
} from "../../src/ads/layout/cast.ts";
import { flawsIn, leadFlaws } from "../../src/ads/layout/leading.ts";
import type { Rect } from "../../src/ads/layout/rect.ts";
import { leadOf, standing } from "../../src/ads/layout/scene.ts";

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const WIDTH = 1000;
const HEIGHT = 800;

/** Heads around a leading one, many of which overlap it: that is what the search has to tell apart. */
const scenes: fc.Arbitrary<Scene> = fc
  .array(fc.record({ dx: unit, dy: unit, size: unit }), { minLength: 1, maxLength: 4 })
  .map((others) => {
    const headAt = (x: number, y: number, side: number) => ({
      bounds: { x, y, width: side, height: 1.3 * side },
      eyes: [x + side / 2, y + 0.6 * side] as const,
      gaze: 0,
      face: 0.7 * side,
      area: 0.35 * side ** 2,
    });
    const beside = others.map(({ dx, dy, size }) =>
      headAt(400 + 300 * (dx - 0.5), 300 + 240 * (dy - 0.5), 60 + 120 * size),
    );
    const heads = [headAt(400, 300, 130), ...beside].map(({ eyes: [x, y], ...head }) => ({
      ...head,
      eyes: [x, y] as [number, number],
    }));
    return sceneOf({ width: WIDTH, height: HEIGHT, focus: null }, heads, 0);
  });

const sizes = fc
  .record({ width: unit, height: unit })
  .map(({ width, height }) => ({ width: 140 + 600 * width, height: 180 + 500 * height }));

/** Every offset at a step of 6 px that shows some of the leading head. */
function offsetsOf(length: number, whole: number): number[] {
  return Array.from({ length: Math.floor((whole - length) / 6) }, (_, index) => 6 * index);
}

/** What the rules say of a region, head by head. */
function judged(scene: Scene, region: Rect): readonly string[] | null {
  const lead = leadOf(scene);
  const standings = scene.heads.map((head) => standing(head, region));
  if (!lead || standings.includes("cut") || standing(lead, region) !== "inside") return null;
  return leadFlaws(scene, { region, scale: 1, short: 400 }).filter((flaw) =>
    ["outgrown", "equalled", "severed"].includes(flaw),
  );
}

const all = { leastOf: () => 0, below: 1 };

/** Regions that keep the rules, with their flaws. */
function allowed(scene: Scene, size: { readonly width: number; readonly height: number }) {
  const columns = offsetsOf(size.width, WIDTH);
  const rows = offsetsOf(size.height, HEIGHT);
  const regions = columns.flatMap((x) => rows.map((y) => ({ x, y, ...size })));
  return regions.flatMap((region) => {
    const flaws = judged(scene, region);
    return flaws ? [{ region, flaws }] : [];
  });
}

describe("the lines of a crop's search", () => {
  it("are without a line only if each of its regions breaks a rule, or has the flaws that were excluded", () => {
    let [kept, dropped] = [0, 0];
    fc.assert(
      fc.property(scenes, sizes, fc.boolean(), (scene, size, isFlawless) => {
        const cast = castOf(scene, leadOf(scene));
        const lines = { ...all, cast, penaltyOf: (flaws: number) => (isFlawless && flaws > 0 ? 1 : 0) };
        const offsets = { x: offsetsOf(size.width, WIDTH), y: offsetsOf(size.height, HEIGHT) };
        const columns = columnLines(scene, size, { ...lines, offsets: offsets.x });
        const rows = rowLines(scene, size, { ...lines, offsets: offsets.y });
        const known = (found: readonly Line[]) => found.map(({ at }) => at);
        const certain = flawsIn(certainFlaws(cast));
        const regions = allowed(scene, size);
        for (const { flaws } of regions) expect(flaws).toEqual(expect.arrayContaining(certain));
        const wanted = regions.filter(({ flaws }) => !isFlawless || flaws.length === 0);
        expect(known(columns)).toEqual(expect.arrayContaining(wanted.map(({ region }) => region.x)));
        expect(known(rows)).toEqual(expect.arrayContaining(wanted.map(({ region }) => region.y)));
        kept += wanted.length;
        dropped += offsets.x.length - columns.length + offsets.y.length - rows.length;
      }),
      { numRuns: 60, seed: 7 },
    );
    expect(kept).toBeGreaterThan(1000);
    expect(dropped).toBeGreaterThan(1000);
  });

  it("know the flaws of a region as the rules do", () => {
    fc.assert(
      fc.property(scenes, sizes, unit, unit, (scene, size, across, down) => {
        const region = { x: across * (WIDTH - size.width), y: down * (HEIGHT - size.height), ...size };
        const flaws = judged(scene, region);
        // Without a leading head, no line is left out.
        const lines = { ...all, cast: castOf(scene, undefined), penaltyOf: () => 0 };
        const [column] = columnLines(scene, size, { ...lines, offsets: [region.x] });
        const [row] = rowLines(scene, size, { ...lines, offsets: [region.y] });
        if (!column || !row) throw new Error("a line was left out");
        const found = flawsAt(castOf(scene, leadOf(scene)), column, row);
        if (flaws !== null) expect(flawsIn(found ?? 0)).toEqual(flaws);
        const isCut = scene.heads.some((head) => standing(head, region) === "cut");
        expect(found === null).toBe(isCut);
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});
