import { openGallery } from "../../src/gallery/index.ts";
import { createFakeEngine } from "./fake-engine.ts";

/** Indexes a folder and kills itself, as `kill -9` would, while the n-th photo is being described. */
const [folder = "", photos = "", count = "1"] = process.argv.slice(2);
let left = Number(count);
const gallery = await openGallery(folder);
const engine = createFakeEngine({
  onDecode: () => {
    if (--left === 0) process.kill(process.pid, "SIGKILL");
  },
});
await gallery.index([photos], engine);
