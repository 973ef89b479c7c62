import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runIndex } from "./child.ts";

/** (e) Memory while indexing: the highest resident set per thousand photos. Each copy of a photo is a file of its own. */
export async function measureMemory(
  photos: readonly string[],
  count: number,
  jobs: number,
): Promise<Record<string, string | number>> {
  const folder = await mkdtemp(join(tmpdir(), "lookalike-bench-"));
  try {
    const copies = join(folder, "photos");
    await mkdir(copies);
    for (let i = 0; i < count; i++) {
      const bytes = await readFile(photos[i % photos.length] as string);
      // Bytes after the picture's end make it another file to the gallery, and nothing else.
      await writeFile(
        join(copies, `${String(i).padStart(6, "0")}.jpg`),
        Buffer.concat([bytes, Buffer.from(String(i))]),
      );
    }
    const { seconds, indexed, peaks, peak } = await runIndex([copies], jobs);
    const later = peaks.slice(1, -1).filter((peak) => peak !== null);
    return {
      photos: indexed,
      "photos/s": (indexed / seconds).toFixed(1),
      "first 1,000, MB": megabytes(peaks[0] ?? 0),
      "later thousands, MB":
        later.length > 0 ? `${megabytes(Math.min(...later))} to ${megabytes(Math.max(...later))}` : "-",
      "peak, MB": megabytes(peak),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
