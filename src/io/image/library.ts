import type Sharp from "sharp";

let loaded: Promise<typeof Sharp> | undefined;

/** sharp and its native library, loaded when the first picture is at hand: much of this package never sees one. */
export function loadSharp(): Promise<typeof Sharp> {
  loaded ??= import("sharp").then((module) => module.default);
  return loaded;
}
