import { parseArgs } from "node:util";
import {
  type AdPhoto,
  CHANNELS,
  createTypesetter,
  isChannelAlike,
  leastFacePx,
  TEMPLATES,
} from "../../src/ads/index.ts";
import { loadLogo } from "../../src/ads/render/logo.ts";
import { openPhoto } from "../../src/ads/render/photo.ts";
import { createPlanner } from "../../src/ads/render/planner.ts";
import { themeOf } from "../../src/ads/render/theme.ts";
import { BRANDS, COPIES, sampleNames, samplePhoto } from "../../test/ads/samples.ts";

/**
 * The share of layouts in which the chosen face of a group photo leads, with the reasons of the others: six photos, each led
 * by each of its faces, in all channels; and the processor time of a layout. Nothing is drawn.
 * `npx tsx scripts/check-ads/leads.ts [--template panel]`
 */

const { values } = parseArgs({
  options: { template: { type: "string", multiple: true, default: TEMPLATES.map(({ id }) => id) } },
});
const [brand, [, copy]] = [BRANDS[0], COPIES];
if (!brand || !copy) throw new Error("no samples");
const setter = await createTypesetter();
const logo = await loadLogo(brand, setter);
const opened = new Map<string, ReturnType<typeof openPhoto>>();
const open = (photo: AdPhoto) => {
  const pixels = opened.get(photo.path) ?? openPhoto(photo);
  opened.set(photo.path, pixels);
  return pixels;
};
const planner = createPlanner({
  shared: { setter, logoAspect: logo.aspect },
  theme: themeOf(brand),
  open,
  settledIn: async () => undefined,
});
const channels = CHANNELS.filter(
  (channel, index) => CHANNELS.findIndex((other) => isChannelAlike(other, channel)) === index,
);
const groups = await Promise.all(sampleNames.map((name) => samplePhoto(name)));
const photos = groups.flatMap((photo) => photo.faces.map((_, leadFace) => ({ ...photo, leadFace })));
await Promise.all(groups.map(open));

const before = process.cpuUsage();
let layouts = 0;
for (const template of TEMPLATES.filter(({ id }) => values.template.includes(id))) {
  const counts = new Map<string, number>();
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const channel of channels) {
    for (const photo of photos) {
      layouts++;
      const place = { channel, template, look: template.id, key: channel.id, leastPx: leastFacePx(channel) };
      const { plan } = await planner.plan({ copy, photo }, place, String(layouts));
      const { flaws } = plan.crop;
      count(flaws.length === 0 ? "leads" : "does not");
      for (const flaw of flaws) count(flaw);
      if (plan.arrangement.from) count(`as ${plan.arrangement.from}`);
    }
  }
  const of = photos.length * channels.length;
  const shares = [...counts].map(([name, value]) => `${name} ${((100 * value) / of).toFixed(1)} %`);
  console.log(`${template.id.padEnd(10)} of ${of}: ${shares.join(", ")}`);
}
const { user, system } = process.cpuUsage(before);
console.log(`${((user + system) / 1000 / layouts).toFixed(1)} ms of processor time a layout`);
