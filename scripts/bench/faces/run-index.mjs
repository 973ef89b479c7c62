import { createFaceEngine, openGallery } from "lookalike-ads";

/**
 * Indexes folders and photos into a new gallery with everything warm, and prints seconds, photos and the highest resident set
 * per thousand photos. Arguments: jobs, the options of parts that are left out, a photo to warm up on, the gallery's folder, what to index.
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
const { seconds, photos } = await gallery.index(paths, engine, {
  onProgress: (progress) => {
    done = progress.done;
  },
});
clearInterval(timer);
sample();
const peak = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ seconds, indexed: photos.indexed, peaks, peak }));
await gallery.close();
await engine.close();
