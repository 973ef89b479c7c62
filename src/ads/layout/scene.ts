import type { Point } from "../../faces/index.ts";
import type { Head } from "./head.ts";
import { area, clip, grow, overlap, type Rect } from "./rect.ts";

/** A photo as the crop sees it, px. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** Heads, cut at the photo's edges where the photo itself cuts them. */
  readonly heads: readonly Head[];
  /** Index of the head that leads; null: none does. */
  readonly lead: number | null;
  /** Manual focal point in [0, 1]; wins over composition. */
  readonly focus: Point | null;
}

/** Which part of a photo shows, and where. */
export interface Crop {
  /** The region of the photo, px of the photo. */
  readonly region: Rect;
  /** Where it lands in the creative, px. */
  readonly target: Rect;
  /** Lower is better; 0 is flawless. */
  readonly penalty: number;
  /** Heads that stay partly outside of the region: none, but where a manual focus asks for it. */
  readonly cutHeads: number;
}

/** Enlarging a photo more than this shows. */
export const MAX_UPSCALE = 1.5;

/** A head's box is generous; a sliver of it on the wrong side of the edge cuts hair's width of air, no head. */
const SLIVER = 0.015;

export function sceneOf(
  photo: { readonly width: number; readonly height: number; readonly focus: Point | null },
  heads: readonly Head[],
  lead: number | null,
): Scene {
  const frame = frameOf(photo);
  const visible = heads.map((head) => ({ ...head, bounds: clip(head.bounds, frame) ?? frame }));
  return { width: photo.width, height: photo.height, heads: visible, lead, focus: photo.focus };
}

export function frameOf({ width, height }: { readonly width: number; readonly height: number }): Rect {
  return { x: 0, y: 0, width, height };
}

export function leadOf(scene: Scene): Head | undefined {
  return scene.lead === null ? undefined : scene.heads[scene.lead];
}

/** Whether a head is whole inside the region, wholly outside, or cut. */
export function standing({ bounds }: Head, region: Rect): "inside" | "outside" | "cut" {
  const share = overlap(bounds, region) / area(bounds);
  if (share <= SLIVER) return "outside";
  return share >= 1 - SLIVER ? "inside" : "cut";
}

/** The head with air around it, as far as the photo has it. */
export function roomy(scene: Scene, { bounds }: Head, share: number): Rect {
  return clip(grow(bounds, share * bounds.height), frameOf(scene)) ?? bounds;
}
