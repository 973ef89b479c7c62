import { type FileHandle, open } from "node:fs/promises";
import { LookalikeError } from "../core/index.ts";
import type { SourceFile } from "./files.ts";

/**
 * The reader reports and skips lines over 2 MB. A line longer than its whole buffer (32 MB), however,
 * disappears without a report and takes much time. Such a line covers at least one of these spans completely.
 */
const SPAN_BYTES = 15_000_000;
const LOOK_BYTES = 1 << 16;

/**
 * Rejects a file with a line that is too long for any table. Reads only the beginning of each span, up to its
 * first line end. Compressed files are not checked.
 *
 * @throws ERR_SOURCE_UNREADABLE
 */
export async function refuseEndlessLines({ path, name }: SourceFile): Promise<void> {
  if (/\.(?:gz|zst)$/i.test(path)) return;
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    for (let start = 0; start + SPAN_BYTES <= size; start += SPAN_BYTES) {
      if (await hasLineEnd(file, start)) continue;
      throw new LookalikeError(
        "ERR_SOURCE_UNREADABLE",
        `${name}: expected lines but received one of over ${SPAN_BYTES / 1e6} MB around byte ${start}`,
        { hint: "Export the file again: a line end is missing, or the file is not CSV." },
      );
    }
  } finally {
    await file.close();
  }
}

async function hasLineEnd(file: FileHandle, start: number): Promise<boolean> {
  const buffer = Buffer.alloc(LOOK_BYTES);
  for (let at = start; at < start + SPAN_BYTES; at += LOOK_BYTES) {
    const { bytesRead } = await file.read(buffer, 0, LOOK_BYTES, at);
    const seen = buffer.subarray(0, bytesRead);
    if (seen.includes(10) || seen.includes(13)) return true;
  }
  return false;
}
