import { rm, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { NOTES_FOLDER, notePath } from "../ads/index.ts";
import { CREATIVES_FOLDER } from "../core/index.ts";
import { listBelow } from "../io/entries.ts";
import type { Decision } from "./types.ts";

export interface PruneReport {
  readonly kept: number;
  readonly removed: number;
  /** Size of the removed files. */
  readonly bytes: number;
}

/**
 * Deletes the creatives of an output folder that no decision uses any more, with their notes, such as those
 * of earlier copy, brands and photos. Other files are not touched.
 *
 * @param decisions the current decisions, as `readDecisions` returns them
 */
export async function pruneCreatives(
  out: string,
  decisions: AsyncIterable<Pick<Decision, "creatives">>,
): Promise<PruneReport> {
  const used = new Set<string>();
  for await (const { creatives } of decisions) for (const { file } of creatives) used.add(file);
  const report = { kept: 0, removed: 0, bytes: 0 };
  for (const file of await noted(out)) {
    if (used.has(file)) {
      report.kept++;
      continue;
    }
    report.bytes += await sizeOf(join(out, file));
    await rm(join(out, file), { force: true });
    await rm(notePath(out, file), { force: true });
    report.removed++;
  }
  return report;
}

/** The creatives that a note exists for, by path in the output folder. */
async function noted(out: string): Promise<string[]> {
  const folder = join(out, NOTES_FOLDER, CREATIVES_FOLDER);
  const entries = await listBelow(folder);
  return entries
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => name.endsWith(".json"))
    .map((name) => `${CREATIVES_FOLDER}/${name.replaceAll("\\", "/").slice(0, -".json".length)}`)
    .sort();
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
