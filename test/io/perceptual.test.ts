import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { COPY_BITS, hashDistance, hashPicture, isCopy } from "../../src/io/image/index.ts";
import { SAMPLES } from "../gallery/fixtures.ts";

const sample = (number: number) => join(SAMPLES, `sample${number}.jpg`);

async function hashOf(source: string | Buffer) {
  const hash = await hashPicture(source);
  if (hash === null) throw new Error("no hash");
  return hash;
}

describe("the hash of a picture", () => {
  it.each<[string, (picture: Sharp) => Sharp]>([
    ["saved again", (picture) => picture.jpeg({ quality: 30 })],
    ["scaled down", (picture) => picture.resize(200)],
    ["scaled out of proportion", (picture) => picture.resize(300, 300, { fit: "fill" })],
    ["mirrored", (picture) => picture.flop()],
    ["darker", (picture) => picture.modulate({ brightness: 0.7 })],
    ["of more contrast", (picture) => picture.linear(1.15, -12)],
    ["grey", (picture) => picture.greyscale()],
    ["blurred", (picture) => picture.blur(3)],
    ["turned by a camera's flag", (picture) => picture.rotate(90).withMetadata({ orientation: 8 })],
  ])("stays that of a picture that is %s", async (_, change) => {
    const changed = await hashOf(
      await change(sharp(sample(6)))
        .toFormat("jpeg")
        .toBuffer(),
    );
    expect(hashDistance(await hashOf(sample(6)), changed)).toBeLessThanOrEqual(COPY_BITS);
  });

  it("tells different photos apart, of the same people too", async () => {
    const hashes = await Promise.all([1, 2, 3, 4, 5, 6].map((number) => hashOf(sample(number))));
    for (const [i, a] of hashes.entries()) {
      for (const b of hashes.slice(i + 1)) expect(isCopy(a, b)).toBe(false);
    }
  });

  it("is none of a plain ground, and 0 away from itself and from its mirror image", async () => {
    const plain = { create: { width: 80, height: 60, channels: 3 as const, background: "#7aa0c8" } };
    expect(await hashPicture(await sharp(plain).png().toBuffer())).toBeNull();
    const hash = await hashOf(sample(1));
    expect([hash.length, hashDistance(hash, hash)]).toEqual([32, 0]);
    expect(hashDistance(hash, await hashOf(await sharp(sample(1)).flop().png().toBuffer()))).toBeLessThan(8);
  });
});
