import { createHash } from "node:crypto";
import { constants, mkdirSync } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { isLookalikeError, LookalikeError } from "../core/index.ts";
import { temporaryBeside } from "./scratch.ts";

/**
 * Writes a file atomically: a reader, or a process killed at any moment, sees either the old content or the
 * whole new one. Writes a temporary file in the same folder, flushes it to disk and renames it.
 *
 * @param mode permission bits of a new file; default 0o644
 * @throws ERR_OUTPUT_UNWRITABLE the folder is missing, read-only or full
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array, mode = 0o644): Promise<void> {
  const write = async (temporary: string) => {
    const handle = await open(temporary, "wx", mode);
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
  };
  await writable(path, () => placeFile(path, write));
}

/** The error for a path that the system did not let us write. */
export function unwritable(path: string, cause: unknown, action = "write"): LookalikeError {
  return new LookalikeError("ERR_OUTPUT_UNWRITABLE", `Could not ${action} ${path}: ${reason(cause)}`, {
    hint: "Check that the folder exists, is writable and has free space.",
    cause,
  });
}

/** Runs work that writes to a path. @throws ERR_OUTPUT_UNWRITABLE instead of errors of the system */
export async function writable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw isLookalikeError(cause) ? cause : unwritable(path, cause);
  }
}

/** Only the owner may read what is in a private folder. */
export const PRIVATE = 0o700;

/** Creates a folder and those above it, if they are missing. @throws ERR_OUTPUT_UNWRITABLE */
export async function makeFolder(folder: string, mode = 0o777): Promise<void> {
  await mkdir(folder, { recursive: true, mode }).catch((cause) => {
    throw unwritable(folder, cause, "create");
  });
}

/** The same at once. */
export function makeFolderSync(folder: string, mode = 0o777): void {
  try {
    mkdirSync(folder, { recursive: true, mode });
  } catch (cause) {
    throw unwritable(folder, cause, "create");
  }
}

/**
 * Creates or replaces a file that others see only when it is complete.
 *
 * @param write creates the file under the temporary name that it receives, in the same folder
 * @throws what `write` throws, and errors of the file system
 */
export async function placeFile(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    await write(temporary);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Flushes a folder's own entries to disk, so that a rename or a removal in it survives a power failure.
 * Skipped on systems that cannot do this for a folder (Windows).
 */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => null);
  if (handle === null) return;
  try {
    await handle.sync();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EINVAL" && code !== "EPERM" && code !== "EISDIR") throw error;
  } finally {
    await handle.close();
  }
}

/**
 * Pipes and devices are not opened: they may block or never end.
 *
 * @throws Error the file is missing, or it is not a file
 */
async function openRegular(path: string): Promise<FileHandle> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const entry = await handle.stat();
  if (entry.isFile()) return handle;
  await handle.close();
  throw new Error(entry.isDirectory() ? IN_WORDS.EISDIR : NOT_A_FILE);
}

const NOT_A_FILE = "not a regular file";

/**
 * The bytes of a file that the user named.
 *
 * @param mostBytes a larger file is not read; default: no limit
 * @throws Error it cannot be read, is larger, or is a pipe, a device or a folder
 */
export async function readNamed(path: string, mostBytes = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const handle = await openRegular(path);
  try {
    const { size } = await handle.stat();
    if (size > mostBytes) throw new Error(`it has ${size} bytes, and at most ${mostBytes} are read`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** The same as UTF-8 text. */
export async function readNamedText(path: string): Promise<string> {
  return (await readNamed(path)).toString("utf8");
}

/** SHA-256 of a file's bytes in lower-case hex, read as a stream. @throws Error as `readNamed` */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  const handle = await openRegular(path);
  for await (const chunk of handle.createReadStream()) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** SHA-256 of bytes or text in lower-case hex. */
export function hashBytes(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Descriptions of the common system error codes. */
const IN_WORDS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is no folder",
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the quota is used up",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "its symbolic links lead in circles",
};

/**
 * The message of any thrown value. System errors are described in words, without the path, because the
 * message names it already.
 */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, syscall } = error as NodeJS.ErrnoException;
  return (syscall !== undefined && code !== undefined && IN_WORDS[code]) || error.message;
}
