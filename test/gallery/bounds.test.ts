import { expect, it } from "vitest";
import { createFilter } from "../../src/gallery/matching/filter.ts";
import { findMatches } from "../../src/gallery/matching/match.ts";
import type { Photos } from "../../src/gallery/state/photos.ts";
import { createExactIndex } from "../../src/gallery/vectors/exact.ts";
import type { RowMask, VectorSet } from "../../src/gallery/vectors/types.ts";

/** Faces on a line: face `row` is `row / 1000` away from the probe. More than are candidates of one search. */
const ROWS = 40_000;
const ids = Uint32Array.from({ length: ROWS }, (_, row) => row);
const set: VectorSet = {
  dimensions: 1,
  ids,
  contents: ids,
  vectors: Float32Array.from(ids, (row) => row / 1000),
};

/** Each face has a photo of its own. */
const photos = {
  findFace: (id: number) => ({ contentId: id, position: 0 }),
  pathsOf: (contentId: number) => [String(contentId)],
  find: (path: string) => ({ path, faces: [{ box: { x: 0, y: 0, width: 1, height: 1 } }] }),
} as unknown as Photos;

function rowsWithin(least: number, most: number, isByDistance: boolean, mask?: RowMask): number[] {
  const searcher = {
    set,
    index: createExactIndex(set),
    status: { kind: "exact", faces: ROWS, reason: "" },
  } as const;
  const [ordering, other] = [
    { least, most },
    { least: 0, most: Number.POSITIVE_INFINITY },
  ];
  const matches = findMatches(searcher, photos, Float32Array.of(0), {
    top: 3,
    filter: createFilter({}),
    mask,
    distance: isByDistance ? ordering : other,
    resemblance: isByDistance ? other : ordering,
    distanceOf: isByDistance ? null : () => 0.5,
  });
  return matches.map(({ photo }) => Number(photo.path));
}

it.each([true, false])(
  "finds matches behind any number of nearer faces (by distance: %s)",
  (isByDistance) => {
    const within = (least: number, most: number, mask?: RowMask) =>
      rowsWithin(least, most, isByDistance, mask);
    expect(within(0.0105, 1)).toEqual([11, 12, 13]);
    expect(within(20.0005, 21)).toEqual([20_001, 20_002, 20_003]);
    expect(within(39.9985, 50)).toEqual([39_999]);
    expect(within(20.0001, 20.0005)).toEqual([]);
    expect(within(41, 50)).toEqual([]);
    const bits = Uint8Array.from(ids, (row) => (row % 2 === 0 ? 1 : 0));
    expect(within(30.0005, 31, { bits, count: ROWS / 2 })).toEqual([30_002, 30_004, 30_006]);
  },
);
