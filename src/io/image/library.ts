import type Sharp from "sharp";

/** Loads sharp and its native library with the first image; much of this package needs no images. */
export async function loadSharp(): Promise<typeof Sharp> {
  return (await import("sharp")).default;
}
