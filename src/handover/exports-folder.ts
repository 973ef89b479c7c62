import { lstat, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { ifThere, listBelow, listNames } from "../io/entries.ts";
import { syncFolder } from "../io/files.ts";
import { EXPORT_TOOLS } from "./export/tools/index.ts";
import { runFiles } from "./run-folder.ts";

/**
 * Removes all exports of a run. If `exports` is a link to a folder, only files written by exports are removed
 * there, and other folders in it are not touched.
 *
 * @returns the number of removed files
 * @throws ERR_OUTPUT_UNWRITABLE
 */
export async function removeExports(out: string): Promise<number> {
  const folder = runFiles(out).exports;
  const entry = await ifThere(folder, lstat, null);
  if (entry === null) return 0;
  if (!entry.isSymbolicLink()) {
    const names = await listBelow(folder);
    await rm(folder, { recursive: true, force: true });
    await syncFolder(out);
    return names.filter((name) => name.isFile()).length;
  }
  const target = await ifThere(folder, (path) => realpath(path), null);
  const names = target === null ? [] : (await listNames(target)).filter(isExport);
  for (const name of names) await rm(join(target ?? folder, name), { force: true });
  if (target !== null) await syncFolder(target);
  return names.length;
}

/**
 * Whether a name is that of an export's file or temporary file: `<file>.csv`, `<file>-2.jsonl`,
 * `.<file>.<...>.tmp`.
 */
function isExport(name: string): boolean {
  return Object.values(EXPORT_TOOLS).some(({ file }) => {
    if (name.startsWith(`.${file}.`) && name.endsWith(".tmp")) return true;
    return name.startsWith(file) && /^(?:-\d+)?\.(?:csv|jsonl|parquet)$/.test(name.slice(file.length));
  });
}
