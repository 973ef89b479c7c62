import { expect, it } from "vitest";
import { createTypesetter, findChannel, headOf, sceneOf, TEMPLATES } from "../../src/ads/index.ts";
import { canvasOf, typeScaleOf } from "../../src/ads/layout/canvas.ts";
import { draftsOf } from "../../src/ads/layout/draft.ts";
import { measureCopy } from "../../src/ads/layout/plan.ts";
import { searchLayout } from "../../src/ads/layout/search.ts";
import { openPhoto } from "../../src/ads/render/photo.ts";
import { createPlanner, type Place } from "../../src/ads/render/planner.ts";
import { themeOf } from "../../src/ads/render/theme.ts";
import { BRANDS, COPIES, samplePhoto } from "./samples.ts";

/** Texts in all arrangements are kept for each copy of a place: photos have no part in them. */

const setter = await createTypesetter();
const [panel, bleed] = TEMPLATES;
const [square, story] = [findChannel("square-1080"), findChannel("story-1080x1920")];
const [copy, other] = COPIES;
const [brand] = BRANDS;
if (!(panel && bleed && square && story && copy && other && brand)) throw new Error("no samples");

const newPlanner = () =>
  createPlanner({
    shared: { setter, logoAspect: 3 },
    theme: themeOf(brand),
    open: openPhoto,
    settledIn: async () => undefined,
  });

it("one planner lays out each place, copy and photo as a new planner does", async () => {
  const planner = newPlanner();
  const places = [panel, bleed].flatMap((template) =>
    [square, story].map(
      (channel): Place => ({ channel, template, look: template.id, key: channel.id, leastPx: 0 }),
    ),
  );
  const photos = await Promise.all([0, 1].map((lead) => samplePhoto("sample1.jpg", lead)));
  for (const words of [copy, other]) {
    for (const [index, place] of places.entries()) {
      for (const photo of photos) {
        const file = `${words.headline} ${index} ${photo.leadFace}`;
        const { plan } = await planner.plan({ copy: words, photo }, place, file);
        const { plan: fresh } = await newPlanner().plan({ copy: words, photo }, place, file);
        expect(plan).toEqual(fresh);
      }
    }
  }
});

it("a search neither changes drafts nor finds another plan with those of an earlier one", async () => {
  const input = {
    template: panel,
    canvas: canvasOf(square),
    type: typeScaleOf(square),
    copy: await measureCopy({ setter, template: panel }, copy),
    logoAspect: 3,
  };
  const look = { scrimNeed: () => 0.3, isQuiet: () => false };
  const drafts = draftsOf(input);
  for (const lead of [0, 1, 2]) {
    const photo = await samplePhoto("sample1.jpg", lead);
    const scene = sceneOf(photo, photo.faces.map(headOf), lead);
    expect(searchLayout({ ...input, scene, look }, drafts)).toEqual(searchLayout({ ...input, scene, look }));
  }
  expect(drafts).toEqual(draftsOf(input));
});
