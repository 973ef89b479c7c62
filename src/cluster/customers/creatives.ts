import { join } from "node:path";
import { type CreativeOrigin, parseOrigin } from "../../ads/index.ts";
import type { FinishedDecision } from "../../campaign/index.ts";
import { creativeFiles, removeCreatives } from "../../handover/index.ts";
import type { SharedFiles } from "../../io/shared-files/index.ts";

/** Creatives of a run: drawn into the shared folder, or uploaded where the shared files are not on a file system. */

/** Creatives uploaded at once. */
const AT_ONCE = 8;

type ShareCreatives = (decisions: readonly FinishedDecision[], onProgress: () => void) => Promise<void>;

/**
 * Uploads the creatives of decisions, each once, before their shard is committed. Does nothing for a shared folder, in
 * which they are drawn.
 *
 * @param from the local folder in which this worker draws
 */
export function createCreativeSharer(
  files: SharedFiles,
  { runId, from }: { readonly runId: string; readonly from: string },
): ShareCreatives {
  if (files.folder(creativesOf(runId)) !== null) return async () => {};
  const shared = new Set<string>();
  const share = async (file: string) => {
    for (const own of creativeFiles(file))
      await files.upload(`${creativesOf(runId)}/${own}`, join(from, own));
    shared.add(file);
  };
  return async (decisions, onProgress) => {
    const all = decisions.flatMap(({ decision }) => decision.creatives.map(({ file }) => file));
    const missing = [...new Set(all)].filter((file) => !shared.has(file));
    for (let start = 0; start < missing.length; start += AT_ONCE) {
      await Promise.all(missing.slice(start, start + AT_ONCE).map(share));
      onProgress();
    }
  };
}

/** The name below which a run's creatives are. */
export function creativesOf(runId: string): string {
  return `${runId}/ads`;
}

/** Removes creatives that may show a customer's own values. Returns their number. */
export async function removePersonal(
  files: SharedFiles,
  runId: string,
  creatives: Iterable<string>,
): Promise<number> {
  const home = creativesOf(runId);
  const personal: string[] = [];
  for (const file of creatives) {
    if ((await originOf(files, home, file))?.isPersonal !== false) personal.push(file);
  }
  const folder = files.folder(home);
  if (folder !== null) await removeCreatives(folder, personal);
  else for (const own of personal.flatMap(creativeFiles)) await files.remove(`${home}/${own}`);
  return personal.length;
}

async function originOf(files: SharedFiles, home: string, file: string): Promise<CreativeOrigin | null> {
  const [, note = ""] = creativeFiles(file);
  const text = await files.read(`${home}/${note}`).catch(() => null);
  return text === null ? null : parseOrigin(text.toString("utf8"));
}
