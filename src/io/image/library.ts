import type Sharp from "sharp";

let loaded: Promise<typeof Sharp> | undefined;

/** sharp and its native library, loaded with the first image: much of this package needs none. */
export function loadSharp(): Promise<typeof Sharp> {
  loaded ??= import("sharp").then((module) => module.default);
  return loaded;
}
