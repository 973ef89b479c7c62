import { type CropOptions, chooseCrop } from "./crop.ts";
import { frameCrop } from "./frame.ts";
import { bottom, clip, type Rect } from "./rect.ts";
import type { Crop, Scene } from "./scene.ts";

/**
 * Crops of a photo, each computed once for its slot and obstacles: arrangements that differ in their text alone have the
 * same ones, and the layout search visits every arrangement twice.
 */

interface Known {
  readonly crop: Crop | null;
  /** Without a crop: none has a lower penalty. */
  readonly below: number;
}

const crops = new WeakMap<Scene, Map<string, Known>>();
const frames = new WeakMap<Scene, Map<string, Crop>>();

function knownOf<T>(all: WeakMap<Scene, Map<string, T>>, scene: Scene): Map<string, T> {
  const known = all.get(scene) ?? new Map<string, T>();
  all.set(scene, known);
  return known;
}

/** The best crop with a penalty below `options.below`; as `chooseCrop`. */
export function cropIn(scene: Scene, slot: Rect, options: CropOptions): Crop | null {
  const { below = Number.POSITIVE_INFINITY, ...place } = options;
  const known = knownOf(crops, scene);
  const key = JSON.stringify([slot, place]);
  const before = known.get(key);
  if (before?.crop) return before.crop.penalty < below ? before.crop : null;
  if (before && below <= before.below) return null;
  const crop = chooseCrop(scene, slot, options);
  known.set(key, { crop, below });
  return crop;
}

/** As `frameCrop`. */
export function frameIn(scene: Scene, slot: Rect, { below: _, ...place }: CropOptions): Crop {
  const known = knownOf(frames, scene);
  const key = JSON.stringify([slot, place]);
  const crop = known.get(key) ?? frameCrop(scene, slot, place);
  known.set(key, crop);
  return crop;
}

/** Penalty of a photo that starts below the covered area, under a band of its own colour. */
const LOWERED = 1.5;

/** The best region for the part of a slot below the platform's bar at the top; null if it covers none of it. */
export function loweredIn(scene: Scene, slot: Rect, options: CropOptions & { open: Rect }): Crop | null {
  const { open } = options;
  const lowered = clip(slot, { ...slot, y: open.y, height: bottom(slot) - open.y });
  if (!lowered || lowered.height >= slot.height) return null;
  const crop = cropIn(scene, lowered, options);
  return crop && { ...crop, penalty: crop.penalty + LOWERED };
}
