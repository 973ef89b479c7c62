import { describe, expect, it } from "vitest";
import { chooseCrop, frameCrop, headOf, sceneOf } from "../../src/ads/index.ts";
import type { Head } from "../../src/ads/layout/head.ts";
import type { Point } from "../../src/faces/index.ts";
import { sampleNames, samplePhoto } from "./samples.ts";

/** A head 240 px wide around a face of 100 x 140 px. */
const headAt = (x: number, y = 200): Head => ({
  bounds: { x: x - 120, y: y - 100, width: 240, height: 280 },
  eyes: [x, y] as Point,
  gaze: 0,
  face: 140,
  area: 140 * 100,
});
const sceneWith = (...heads: Head[]) => sceneOf({ width: 1200, height: 900, focus: null }, heads, 0);
const endsOf = (scene: ReturnType<typeof sceneWith>) =>
  scene.heads.map(({ bounds: { x, width } }) => [x, x + width]);

describe("heads side by side", () => {
  it.each([140, 200, 239])("are divided in the middle between faces %d px apart", (apart) => {
    const middle = 400 + apart / 2;
    const expected = [
      [280, middle],
      [middle, 400 + apart + 120],
    ];
    expect(endsOf(sceneWith(headAt(400), headAt(400 + apart)))).toEqual(expected);
    expect(endsOf(sceneWith(headAt(400 + apart), headAt(400)))).toEqual(expected.toReversed());
  });

  it.each([
    ["whose cheeks are too near", headAt(530, 210)],
    ["that are apart", headAt(660)],
    ["of which one is above the other", headAt(420, 420)],
  ])("keep their boxes: heads %s", (_, other) => {
    const [first, second] = endsOf(sceneWith(headAt(400), other));
    expect(first).toEqual([280, 520]);
    expect(second).toEqual([other.bounds.x, other.bounds.x + 240]);
  });

  it("have bodies as wide as before", () => {
    const [alone] = sceneWith(headAt(400)).heads;
    const [beside] = sceneWith(headAt(400), headAt(560)).heads;
    expect(beside?.body).toEqual(alone?.body);
    expect(beside?.neck).toEqual(alone?.neck);
  });

  it.each([
    ["sample6.jpg", 2, 0],
    ["sample3.jpg", 0, 2],
    ["sample4.jpg", 0, 2],
  ] as const)("can lead alone: %s, face %i beside face %i", async (name, lead, beside) => {
    const photo = await samplePhoto(name, lead);
    const scene = sceneOf(photo, photo.faces.map(headOf), lead);
    const slot = { x: 0, y: 0, width: 420, height: 440 };
    const crop = chooseCrop(scene, slot, { short: 800 });
    expect(crop?.flaws).toEqual([]);
    const { x = 0, width = 0 } = crop?.region ?? {};
    const shows = (face: number) =>
      photo.faces[face]?.landmarks.map(([at]) => at >= x && at <= x + width) ?? [];
    expect(shows(lead)).not.toContain(false);
    expect(shows(beside)).not.toContain(true);
  });

  it.each([
    ["sample6.jpg", 2, 0],
    ["sample3.jpg", 0, 2],
  ] as const)(
    "lead alone in a frame that ends between the faces: %s, face %i",
    async (name, lead, beside) => {
      const photo = await samplePhoto(name, lead);
      const scene = sceneOf(photo, photo.faces.map(headOf), lead);
      const crop = frameCrop(scene, { x: 0, y: 0, width: 600, height: 1080 }, { short: 1080 });
      expect(crop.flaws).toEqual([]);
      const { x, width } = crop.region;
      expect(photo.faces[beside]?.landmarks.every(([at]) => at < x || at > x + width)).toBe(true);
    },
  );

  it.each(sampleNames)("are never cut by a frame, whoever leads: %s", async (name) => {
    const photo = await samplePhoto(name);
    for (const lead of photo.faces.keys()) {
      const scene = sceneOf(photo, photo.faces.map(headOf), lead);
      for (const [width, height] of [
        [600, 1080],
        [1080, 500],
        [150, 250],
      ] as const) {
        const { cutHeads } = frameCrop(
          scene,
          { x: 0, y: 0, width, height },
          { short: Math.min(1080, 2 * width) },
        );
        expect(cutHeads, `face ${lead}, ${width} x ${height}`).toBe(0);
      }
    }
  });

  it("are framed together where no line is free between their faces", () => {
    const scene = sceneWith(headAt(400), headAt(530, 210));
    const { region, cutHeads } = frameCrop(scene, { x: 0, y: 0, width: 300, height: 300 });
    expect(cutHeads).toBe(0);
    expect([region.x <= 280, region.x + region.width >= 650]).toEqual([true, true]);
  });
});
