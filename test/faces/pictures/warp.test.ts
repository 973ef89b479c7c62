import { describe, expect, it } from "vitest";
import { createRandom } from "../../../src/core/index.ts";
import type { Affine } from "../../../src/faces/pictures/geometry.ts";
import { allocateImage } from "../../../src/faces/pictures/pixels.ts";
import { type WarpOptions, warp } from "../../../src/faces/pictures/warp.ts";
import type { RgbImage } from "../../../src/io/image/index.ts";

function noise(width: number, height: number): RgbImage {
  const random = createRandom(7);
  const image = allocateImage(width, height);
  for (let i = 0; i < image.data.length; i++) image.data[i] = Math.floor(random() * 256);
  return image;
}

function plain(width: number, height: number, level: number): RgbImage {
  const image = allocateImage(width, height);
  image.data.fill(level);
  return image;
}

function warped(source: RgbImage, map: Affine, side: number, options?: WarpOptions): Uint8Array {
  const target = allocateImage(side, side);
  warp(source, map, target, options);
  return target.data;
}

function scaling(scale: number, x = 0, y = 0): Affine {
  return { a: scale, b: 0, c: x, d: 0, e: scale, f: y };
}

describe("warp", () => {
  it("gives the picture itself where nothing is to be done, and its shifts by whole px", () => {
    const source = noise(20, 20);
    expect(warped(source, scaling(1), 20)).toEqual(source.data);
    const shifted = warped(source, scaling(1, 3, 5), 10);
    for (const [x, y] of [
      [0, 0],
      [9, 4],
      [2, 9],
    ] as const) {
      expect(shifted[(y * 10 + x) * 3]).toBe(source.data[((y + 5) * 20 + x + 3) * 3]);
    }
  });

  it("averages what it shrinks: a chequerboard becomes grey, a plain picture stays", () => {
    const chequered = allocateImage(64, 64);
    for (let i = 0; i < 64 * 64; i++)
      chequered.data.fill((i + Math.floor(i / 64)) % 2 ? 255 : 0, i * 3, i * 3 + 3);
    for (const value of warped(chequered, scaling(4), 16)) expect(Math.abs(value - 128)).toBeLessThan(2);
    expect([...new Set(warped(plain(65, 63, 90), scaling(3.7, 1, 1), 16))]).toEqual([90]);
  });

  it("samples upright maps one axis after the other as it samples turned ones, to a level", () => {
    const source = noise(61, 47);
    for (const scale of [0.4, 0.9, 1, 1.3, 1.9, 2.6, 5]) {
      for (const options of [
        {},
        { background: 127 },
        { within: { x: 10.4, y: 5.2, width: 30, height: 30 } },
      ]) {
        const map = scaling(scale, -7.3, -4.1);
        const upright = warped(source, map, 40, options);
        // Too small a turn to move anything, but a turn.
        const turned = warped(source, { ...map, b: 1e-9, d: -1e-9 }, 40, options);
        const differences = upright.map((value, i) => Math.abs(value - (turned[i] ?? 0)));
        expect(Math.max(...differences)).toBeLessThanOrEqual(1);
      }
    }
  });

  it("samples turned maps as bilinear samples do, across the borders too", () => {
    const source = noise(61, 47);
    /** One channel at a position of the source, px, by the definition. */
    const bilinear = (x: number, y: number, channel: number) => {
      const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
      const [fx, fy] = [x - 0.5 - left, y - 0.5 - top];
      let sum = 0;
      for (const [dx, dy, weight] of [
        [0, 0, (1 - fx) * (1 - fy)],
        [1, 0, fx * (1 - fy)],
        [0, 1, (1 - fx) * fy],
        [1, 1, fx * fy],
      ] as const) {
        const [px, py] = [left + dx, top + dy];
        const isInside = px >= 0 && py >= 0 && px < 61 && py < 47;
        sum += weight * (isInside ? (source.data[(py * 61 + px) * 3 + channel] ?? 0) : 127);
      }
      return sum;
    };
    for (const angle of [0.1, 0.8, 2.5, -1.4]) {
      const [a, b] = [0.9 * Math.cos(angle), -0.9 * Math.sin(angle)];
      const map = { a, b, c: 30 - 20 * (a + b), d: -b, e: a, f: 20 - 20 * (a - b) };
      const turned = warped(source, map, 40, { background: 127 });
      const differences = [...turned].map((value, i) => {
        const [x, y] = [(Math.floor(i / 3) % 40) + 0.5, Math.floor(i / 120) + 0.5];
        const wanted = bilinear(a * x + b * y + map.c, -b * x + a * y + map.f, i % 3);
        return Math.abs(value - wanted);
      });
      expect(Math.max(...differences)).toBeLessThan(2);
      expect(new Set(turned).size).toBeGreaterThan(100);
    }
  });

  it("is the background if a map leads nowhere near the picture, or is not finite", () => {
    const source = noise(20, 20);
    const turn = { a: 0.9, b: -0.4, d: 0.4, e: 0.9 };
    for (const [c, f] of [
      [-500, 0],
      [1e7, 1e7],
      [Number.NaN, 0],
      [0, Number.POSITIVE_INFINITY],
    ] as const) {
      const values = warped(source, { ...turn, c, f }, 10, { background: 60 });
      expect([...new Set(values)]).toEqual([60]);
    }
  });

  it("shows the background outside of the picture, and outside of the part that may be seen", () => {
    const source = plain(10, 10, 200);
    const around = warped(source, scaling(1, -5, -5), 20, { background: 60 });
    expect([around[0], around[(10 * 20 + 10) * 3], around.at(-1)]).toEqual([60, 200, 60]);
    const within = { x: 2, y: 2, width: 3, height: 3 };
    const part = warped(source, scaling(1), 10, { within });
    const seen = Array.from({ length: 100 }, (_, i) => part[i * 3]).filter((value) => value === 200);
    expect(seen).toHaveLength(9);
    expect(part[(3 * 10 + 3) * 3]).toBe(200);
    expect(part[(5 * 10 + 5) * 3]).toBe(0);
  });

  it("turns: a quarter turn of a corner's px", () => {
    const source = plain(8, 8, 10);
    source.data.fill(250, 0, 3);
    // Target (x, y) shows source (y, 8 - x).
    const turned = warped(source, { a: 0, b: 1, c: 0, d: -1, e: 0, f: 8 }, 8);
    expect(turned[7 * 3]).toBe(250);
    expect([...turned].filter((value) => value === 250)).toHaveLength(3);
  });
});
