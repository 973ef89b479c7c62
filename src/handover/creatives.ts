import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type CreativeOrigin, NOTES_FOLDER, notePath, readOrigin } from "../ads/index.ts";
import { CREATIVES_FOLDER } from "../core/index.ts";
import { listNames } from "../io/entries.ts";
import { syncFolder } from "../io/files.ts";

/** The creatives in a run folder, whether or not a decision uses them. */
export interface FoundCreative {
  /** Relative to the run's folder. */
  readonly file: string;
  /** The sources of the creative, from its note; null: it has no note, or one of an earlier version. */
  readonly origin: CreativeOrigin | null;
}

/** Name pattern of the renderer's files; other files in the folder are not touched. */
const PICTURE = /^[0-9a-f]{20}\.(?:jpg|png|webp|avif)$/;

/** All pictures of `creatives/<channel>/`, and notes without a picture; links to folders are followed. @throws ERR_OUTPUT_UNWRITABLE */
export async function listCreatives(out: string): Promise<readonly FoundCreative[]> {
  const files = new Set<string>();
  for (const [root, ending] of [
    [join(out, CREATIVES_FOLDER), ""],
    [join(out, NOTES_FOLDER, CREATIVES_FOLDER), ".json"],
  ] as const) {
    for (const channel of await listNames(root)) {
      for (const name of await listNames(join(root, channel))) {
        const picture = name.slice(0, name.length - ending.length);
        if (name.endsWith(ending) && PICTURE.test(picture))
          files.add(`${CREATIVES_FOLDER}/${channel}/${picture}`);
      }
    }
  }
  const sorted = [...files].sort();
  return Promise.all(sorted.map(async (file) => ({ file, origin: await readOrigin(out, file) })));
}

/** The files of a creative, its picture and the note beside it, relative to the run's folder. */
export function creativeFiles(file: string): readonly string[] {
  return [file, notePath("", file)];
}

/** Removes pictures with their notes permanently: the folders are flushed to disk. */
export async function removeCreatives(out: string, files: Iterable<string>): Promise<void> {
  const folders = new Set<string>();
  for (const file of files) {
    for (const path of [join(out, file), notePath(out, file)]) {
      await rm(path, { force: true });
      folders.add(dirname(path));
    }
  }
  for (const folder of folders) await syncFolder(folder);
}
