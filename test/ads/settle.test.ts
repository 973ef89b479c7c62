import { expect, it } from "vitest";
import { type AdCopy, type Brand, createTypesetter, findChannel } from "../../src/ads/index.ts";
import { type OpenedPhoto, openPhoto } from "../../src/ads/render/photo.ts";
import { settle } from "../../src/ads/render/settle.ts";
import { themeOf } from "../../src/ads/render/theme.ts";
import { resolveTemplate } from "../../src/ads/templates/index.ts";
import { BRANDS, COPIES, samplePhoto } from "./samples.ts";

const brand = BRANDS[0] as Brand;
const copy = COPIES[0] as AdCopy;

it("a look is settled on once a process, and again where it depends on something else or a photo was away", async () => {
  const channel = findChannel("rectangle-300x250");
  if (!channel) throw new Error("no channel");
  const photo = await samplePhoto("sample6.jpg", 0);
  const template = await resolveTemplate("panel");
  const input = { setter: await createTypesetter(), template, channel, logoAspect: 4 };
  let opened = 0;
  const there = (): Promise<OpenedPhoto> => {
    opened++;
    return openPhoto(photo);
  };
  const away = () => Promise.reject(new Error("away"));
  const settleOn = (open: () => Promise<OpenedPhoto>, copies = [copy], look = "of this test") =>
    settle({ photos: [photo], copies }, input, { open, theme: themeOf(brand), look });

  expect((await settleOn(away)).size).toBe(0);
  const first = await settleOn(there);
  expect([first.size > 0, opened]).toEqual([true, 1]);
  expect(await settleOn(away)).toEqual(first);
  await settleOn(there, [{ ...copy, body: "Other words" }]);
  await settleOn(there, [copy], "of another brand");
  expect(opened).toBe(3);
});
