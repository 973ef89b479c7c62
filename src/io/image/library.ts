import type Sharp from "sharp";

let loaded: Promise<typeof Sharp> | undefined;

/** Loads sharp and its native library with the first image; much of this package needs no images. */
export function loadSharp(): Promise<typeof Sharp> {
  loaded ??= import("sharp").then((module) => module.default);
  return loaded;
}
