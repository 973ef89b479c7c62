import { describe, expect, it } from "vitest";
import { createTypesetter, findChannel, headOf, sceneOf, TEMPLATES } from "../../src/ads/index.ts";
import { canvasOf, typeScaleOf } from "../../src/ads/layout/canvas.ts";
import { draftsOf } from "../../src/ads/layout/draft.ts";
import { measureCopy } from "../../src/ads/layout/plan.ts";
import { searchLayout } from "../../src/ads/layout/search.ts";
import { COPIES, samplePhoto } from "./samples.ts";

/** Texts in all arrangements are kept for each measured copy: photos have no part in them. */

const setter = await createTypesetter();
const [panel, bleed] = TEMPLATES;
const channel = findChannel("square-1080");
const [copy, other] = COPIES;
if (!panel || !bleed || !channel || !copy || !other) throw new Error("no samples");
const inputOf = async (words = copy) => ({
  template: panel,
  canvas: canvasOf(channel),
  type: typeScaleOf(channel),
  copy: await measureCopy({ setter, template: panel }, words),
  logoAspect: 3,
});

describe("drafts of a measured copy", () => {
  it("are made once, and again for everything that they depend on", async () => {
    const input = await inputOf();
    const drafts = draftsOf(input);
    expect(draftsOf({ ...input })).toBe(drafts);
    const [first] = drafts;
    const common = new Map([["an arrangement", first?.block.headline.size ?? 0]]);
    const changed = [
      { ...input, template: bleed },
      { ...input, canvas: canvasOf(channel, "square") },
      { ...input, logoAspect: 1 },
      { ...input, photoSide: "left" as const },
      { ...input, settled: common },
      { ...input, copy: (await inputOf(other)).copy },
    ];
    for (const one of changed) expect(draftsOf(one)).not.toEqual(drafts);
    expect(draftsOf(await inputOf())).toEqual(drafts);
  });

  it("are not changed by a search, whose result they do not change", async () => {
    const input = await inputOf();
    const look = { scrimNeed: () => 0.3, isQuiet: () => false };
    const plans = async (shared: boolean) => {
      const found = [];
      for (const lead of [0, 1, 2]) {
        const photo = await samplePhoto("sample1.jpg", lead);
        const scene = sceneOf(photo, photo.faces.map(headOf), lead);
        found.push(searchLayout({ ...(shared ? input : await inputOf()), scene, look }));
      }
      return found;
    };
    const before = draftsOf(input).map(({ penalty }) => penalty);
    expect(await plans(true)).toEqual(await plans(false));
    expect(draftsOf(input).map(({ penalty }) => penalty)).toEqual(before);
  });
});
