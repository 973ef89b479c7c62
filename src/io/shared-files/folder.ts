import { closeSync, fstatSync, mkdirSync, openSync, writeSync } from "node:fs";
import { access, copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { LookalikeError } from "../../core/index.ts";
import { listBelow } from "../entries.ts";
import { placeFile, reason, unwritable, writable, writeFileAtomic } from "../files.ts";
import type { Appender, SharedFiles } from "./types.ts";

/** Files of a folder can always be appended to. */
type FolderFiles = SharedFiles & { readonly appendTo: (name: string) => Appender };

/** A folder that all machines mount: NFS, EFS, a cluster file system, or one machine's own disk. */
export function openSharedFolder(root: string): FolderFiles {
  const home = resolve(root);
  const pathOf = (name: string): string => {
    const path = resolve(home, name);
    if (path !== home && !path.startsWith(home + sep)) throw new RangeError(`${name} is outside of ${home}`);
    return path;
  };
  const found = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const path = pathOf(name);
    try {
      return await work();
    } catch (cause) {
      throw new LookalikeError("ERR_SOURCE_NOT_FOUND", `Could not read ${path}: ${reason(cause)}`, {
        hint: "Check that the shared folder is mounted here, at the path that the run was planned with.",
        cause,
      });
    }
  };
  return {
    shown: home,
    async write(name, data) {
      const path = pathOf(name);
      await writable(path, () => mkdir(dirname(path), { recursive: true }));
      await writeFileAtomic(path, data);
    },
    upload: (name, path) => copyAtomic(path, pathOf(name)),
    async download(name, path) {
      await found(name, () => access(pathOf(name)));
      await copyAtomic(pathOf(name), path);
    },
    read: (name) => found(name, () => readFile(pathOf(name))),
    appendTo: (name) => openAppender(pathOf(name)),
    remove: (name) => rm(pathOf(name), { recursive: true, force: true }),
    async list(name) {
      const entries = await listBelow(pathOf(name));
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(home, join(entry.parentPath, entry.name)).split(sep).join("/"))
        .sort();
    },
    folder: pathOf,
  };
}

function openAppender(path: string): Appender {
  const guard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      throw unwritable(path, cause);
    }
  };
  const handle = guard(() => {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, "ax", 0o600);
  });
  let failure: unknown = null;
  return {
    append: (text) =>
      guard(() => {
        if (failure !== null) throw failure;
        try {
          if (fstatSync(handle).nlink === 0) throw new Error("the file was removed");
          const bytes = Buffer.from(text);
          if (writeSync(handle, bytes) !== bytes.length) throw new Error("the disk is full");
        } catch (error) {
          failure = error;
          throw error;
        }
      }),
    close: () => closeSync(handle),
  };
}

async function copyAtomic(from: string, to: string): Promise<void> {
  await writable(to, async () => {
    await mkdir(dirname(to), { recursive: true });
    await placeFile(to, (temporary) => copyFile(from, temporary));
  });
}
