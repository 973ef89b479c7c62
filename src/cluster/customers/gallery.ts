import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { LookalikeError } from "../../core/index.ts";
import { hashFile } from "../../io/files.ts";
import { makeScratch } from "../../io/scratch.ts";
import type { SharedFiles } from "../../io/shared-files/index.ts";
import type { OutputFile } from "../types.ts";

/** A local copy of a run's gallery; remove it when done. */
export interface GalleryCopy {
  readonly folder: string;
  remove(): Promise<void>;
}

/** @throws ERR_SHARD_DAMAGED, ERR_SOURCE_NOT_FOUND, ERR_OUTPUT_UNWRITABLE */
export async function fetchGallery(
  files: SharedFiles,
  shared: readonly OutputFile[],
  work: string,
): Promise<GalleryCopy> {
  const folder = makeScratch(work);
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    for (const { name, sha256 } of shared) {
      const path = join(folder, basename(name));
      await files.download(name, path);
      if ((await hashFile(path)) === sha256) continue;
      throw new LookalikeError(
        "ERR_SHARD_DAMAGED",
        `Expected the gallery of the run in ${files.shown}/${name}`,
        {
          hint: "Plan the run again: the file was changed.",
        },
      );
    }
    return { folder, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
