import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { runModule, runPeer } from "./child.ts";

/** Indexes a folder's photos into a new gallery, everything warm; prints seconds. */
const INDEX = `
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFaceEngine, openGallery } from "lookalike-ads";
const [jobs, warm, ...folders] = process.argv.slice(1);
const engine = await createFaceEngine({ jobs: Number(jobs) });
await Promise.all(Array.from({ length: Number(jobs) }, () => engine.describe(warm)));
const home = await mkdtemp(join(tmpdir(), "lookalike-bench-"));
const gallery = await openGallery(home);
const { seconds, photos } = await gallery.index(folders, engine);
console.log(JSON.stringify({ seconds, indexed: photos.indexed }));
await gallery.close();
await engine.close();
await rm(home, { recursive: true });
`;

const SAMPLE = join(
  dirname(createRequire(import.meta.url).resolve("@vladmandic/face-api/package.json")),
  "demo/sample1.jpg",
);

export interface ThroughputRow {
  readonly what: string;
  readonly "photos/s": string;
  readonly "times the peer": string;
}

/** (a) Photos a second: our index command's work against the peer's descriptors, one process and one per core. */
export async function measureThroughput(
  photos: readonly string[],
  cores: number,
): Promise<{ readonly rows: readonly ThroughputRow[]; readonly peer: Awaited<ReturnType<typeof runPeer>> }> {
  const folders = [...new Set(photos.map((photo) => dirname(photo)))];
  const one = await runPeer(photos, { processes: 1 });
  const perCore = await runPeer(photos, { processes: cores });
  const ours = [];
  for (const jobs of [1, cores]) {
    const { output } = await runModule(INDEX, [String(jobs), SAMPLE, ...folders]);
    const { seconds, indexed } = JSON.parse(output) as { seconds: number; indexed: number };
    if (indexed !== photos.length) throw new Error(`${indexed} of ${photos.length} photos were indexed`);
    ours.push({ what: `lookalike index, --jobs ${jobs}`, seconds });
  }
  const rows = [
    { what: "face-api on WASM, one process", seconds: one.seconds },
    { what: `face-api on WASM, ${cores} processes`, seconds: perCore.seconds },
    ...ours,
  ].map(({ what, seconds }) => ({
    what,
    "photos/s": (photos.length / seconds).toFixed(2),
    "times the peer": `${(one.seconds / seconds).toFixed(1)} (per core: ${(perCore.seconds / seconds).toFixed(1)})`,
  }));
  return { rows, peer: one };
}
