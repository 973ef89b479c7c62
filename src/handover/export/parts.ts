import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { writable } from "../../io/files.ts";
import { removeLeftovers, temporaryBeside } from "../../io/scratch.ts";

export interface WrittenFile {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
}

/** A file that is written line by line and gets its name only when it is complete. */
export interface PartWriter {
  write(line: string): Promise<void>;
  /** Flushes to disk and renames the parts, which replace those of an earlier export. */
  commit(): Promise<readonly WrittenFile[]>;
  /** Removes all temporary files. */
  discard(): Promise<void>;
}

export interface PartOptions {
  readonly folder: string;
  /** The file is `<name>.<extension>`, or `<name>-1.<extension>` and so on if it has several parts. */
  readonly name: string;
  readonly extension: string;
  /** First line of every part; may be empty. */
  readonly header: string;
  /** Maximum size of a part; null: one part. */
  readonly maxBytes: number | null;
  /** Permission bits: files with customers are readable only by their owner. */
  readonly mode: number;
}

const BUFFER_BYTES = 1 << 20;

interface Part {
  readonly temporary: string;
  readonly file: FileHandle;
  rows: number;
  bytes: number;
}

/** @throws ERR_OUTPUT_UNWRITABLE (also from all methods) */
export async function createParts(options: PartOptions): Promise<PartWriter> {
  const { folder, header, maxBytes } = options;
  const parts: Part[] = [];
  let pending: string[] = [];
  let pendingBytes = 0;
  const openPart = async () => {
    const temporary = temporaryBeside(join(folder, options.name));
    const part = { temporary, file: await open(temporary, "wx", options.mode), rows: 0, bytes: 0 };
    parts.push(part);
    enqueue(part, header);
    return part;
  };
  const enqueue = (part: Part, text: string) => {
    const bytes = Buffer.byteLength(text);
    pending.push(text);
    pendingBytes += bytes;
    part.bytes += bytes;
  };
  const flush = async (part: Part) => {
    const text = pending.join("");
    pending = [];
    pendingBytes = 0;
    if (text !== "") await part.file.appendFile(text);
  };
  return writable(folder, async () => {
    await mkdir(folder, { recursive: true });
    await removeLeftovers(folder);
    let part = await openPart();
    return {
      async write(line) {
        const isFull = maxBytes !== null && part.rows > 0 && part.bytes + Buffer.byteLength(line) > maxBytes;
        if (isFull) {
          await writable(folder, () => flush(part));
          part = await writable(folder, openPart);
        }
        part.rows++;
        enqueue(part, line);
        if (pendingBytes >= BUFFER_BYTES) await writable(folder, () => flush(part));
      },
      commit: () =>
        writable(folder, async () => {
          await flush(part);
          for (const { file } of parts) {
            await file.sync();
            await file.close();
          }
          return publish(parts, options);
        }),
      async discard() {
        for (const { file, temporary } of parts) {
          await file.close().catch(() => {});
          await rm(temporary, { force: true });
        }
      },
    };
  });
}

async function publish(parts: readonly Part[], options: PartOptions): Promise<WrittenFile[]> {
  const { folder, name, extension } = options;
  const written: WrittenFile[] = [];
  for (const [index, part] of parts.entries()) {
    const suffix = parts.length === 1 ? "" : `-${index + 1}`;
    const path = join(folder, `${name}${suffix}.${extension}`);
    await rename(part.temporary, path);
    written.push({ path, rows: part.rows, bytes: (await stat(path)).size });
  }
  await removeOlder(options, new Set(written.map(({ path }) => path)));
  return written;
}

/** Removes the remaining parts of an earlier, longer export. */
async function removeOlder(
  { folder, name, extension }: PartOptions,
  kept: ReadonlySet<string>,
): Promise<void> {
  const isPart = (file: string) => {
    const middle = file.startsWith(name) && file.endsWith(`.${extension}`);
    return middle && /^(?:-\d+)?$/.test(file.slice(name.length, -extension.length - 1));
  };
  for (const file of await readdir(folder)) {
    const path = join(folder, file);
    if (isPart(file) && !kept.has(path)) await rm(path);
  }
}
