import { createFaceEngine, openGallery } from "lookalike-ads";

/**
 * Indexes folders and photos into a new gallery with everything warm, and prints seconds, seconds of processor time,
 * photos and the highest resident set per thousand photos. Arguments: jobs, the options of parts that are left out, a photo to warm up on, the gallery's folder, what to index.
 */
const [, , jobs, parts, warm, home, ...paths] = process.argv;
const engine = await createFaceEngine({ jobs: Number(jobs), ...JSON.parse(parts) });
await Promise.all(Array.from({ length: Number(jobs) }, () => engine.describe(warm)));
const gallery = await openGallery(home);
const peaks = [];
let done = 0;
function sample() {
  const thousand = Math.floor(done / 1000);
  peaks[thousand] = Math.max(peaks[thousand] ?? 0, process.memoryUsage.rss());
}
const timer = setInterval(sample, 50);
const before = process.cpuUsage();
const { seconds, photos } = await gallery.index(paths, engine, {
  onProgress: (progress) => {
    done = progress.done;
  },
});
const { user, system } = process.cpuUsage(before);
clearInterval(timer);
sample();
const peak = process.resourceUsage().maxRSS * 1024;
const processor = (user + system) / 1e6;
console.log(JSON.stringify({ seconds, processor, indexed: photos.indexed, peaks, peak }));
await gallery.close();
await engine.close();
