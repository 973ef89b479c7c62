import type { AdPhoto } from "../../ads/index.ts";
import type { Box, Face, Point } from "../../faces/index.ts";
import { likelyTurn, uprightTurn } from "../../gallery/index.ts";
import type { QuarterTurn } from "../../io/image/index.ts";

/** A described photo in the orientation of its file. */
export interface DescribedPhoto extends Pick<AdPhoto, "path" | "hash" | "width" | "height" | "focus"> {
  readonly faces: readonly (Pick<Face, "box" | "landmarks"> & {
    readonly quality?: Pick<Face["quality"], "rollDegrees"> | undefined;
  })[];
}

/**
 * A photo for an ad: turned by quarter turns if its file certainly lies on its side, or if its faces disagree
 * and most of them by area do; else unchanged.
 */
export function uprightPhoto(
  { path, hash, width, height, focus, faces }: DescribedPhoto,
  leadFace: number | null,
): AdPhoto {
  const rolls = faces.map(({ quality }) => quality?.rollDegrees ?? 0);
  const turn = leadFace === null ? 0 : (uprightTurn(rolls, leadFace) ?? likelyTurn(areasOf(faces)) ?? 0);
  const size = { width, height };
  const shown = faces.map(({ box, landmarks }) => ({
    box: turnBox(box, size, turn),
    landmarks: landmarks.map((point) => turnPoint(point, size, turn)),
  }));
  return {
    path,
    hash,
    turn,
    rollDegrees: within180((leadFace === null ? 0 : (rolls[leadFace] ?? 0)) + turn),
    ...(turn % 180 === 0 ? size : { width: height, height: width }),
    faces: shown,
    leadFace,
    focus: focus === null ? null : turnPoint(focus, { width: 1, height: 1 }, turn),
  };
}

function areasOf(faces: DescribedPhoto["faces"]) {
  return faces.map(({ box, quality }) => ({
    rollDegrees: quality?.rollDegrees ?? 0,
    area: box.width * box.height,
  }));
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function turnPoint([x, y]: Point, { width, height }: Size, turn: QuarterTurn): Point {
  switch (turn) {
    case 0:
      return [x, y];
    case 90:
      return [height - y, x];
    case 180:
      return [width - x, height - y];
    case 270:
      return [y, width - x];
  }
}

/** The box after a picture of that size, px, is turned. */
export function turnBox({ x, y, width, height }: Box, size: Size, turn: QuarterTurn): Box {
  const [ax, ay] = turnPoint([x, y], size, turn);
  const [bx, by] = turnPoint([x + width, y + height], size, turn);
  return { x: Math.min(ax, bx), y: Math.min(ay, by), width: Math.abs(ax - bx), height: Math.abs(ay - by) };
}

function within180(degrees: number): number {
  return degrees - 360 * Math.round(degrees / 360);
}
