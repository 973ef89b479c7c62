import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { LookalikeError } from "./errors.ts";
import { temporaryBeside } from "./scratch.ts";

/**
 * Writes a file so that a reader, or a process killed at any moment, sees either the old content or the whole
 * new one: a temporary file in the same folder, flushed to disk, then renamed.
 *
 * @param mode permission bits of a new file; default 0o644
 * @throws ERR_OUTPUT_UNWRITABLE the folder is missing, read-only or full
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array, mode = 0o644): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    const handle = await open(temporary, "wx", mode);
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new LookalikeError("ERR_OUTPUT_UNWRITABLE", `Could not write ${path}: ${reason(cause)}`, {
      hint: "Check that the folder exists, is writable and has free space.",
      cause,
    });
  }
}

/** SHA-256 of a file's bytes in lower-case hex, read as a stream. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** SHA-256 of bytes or text in lower-case hex. */
export function hashBytes(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** The message of anything thrown. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
