import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { isLookalikeError } from "../core/index.ts";
import type { Database } from "../io/duckdb/index.ts";
import type { SourceFile } from "./files.ts";

/**
 * Reads files some of which may have lines that end in LF beside others that end in CR LF: the reader refuses such a
 * file as a whole. (Its lenient mode reads them, but cuts off surplus fields in silence.) Only then is there a second
 * reading, of copies with equal line ends in the database's own folder; memory stays flat.
 *
 * @param read is called again with the copies where its first call meets such a file
 */
export async function withEqualLineEnds<T>(
  database: Database,
  files: readonly SourceFile[],
  read: (files: readonly SourceFile[]) => Promise<T>,
): Promise<T> {
  try {
    return await read(files);
  } catch (error) {
    if (!isOfMixedLineEnds(error)) throw error;
    await mkdir(database.folder, { recursive: true, mode: 0o700 });
    const copies: SourceFile[] = [];
    for (const file of files) copies.push(await equalise(file, database.folder));
    return await read(copies).catch((second: unknown) => {
      // Its message would name the copy.
      throw isOfMixedLineEnds(second) ? error : second;
    });
  }
}

function isOfMixedLineEnds(error: unknown): boolean {
  return isLookalikeError(error) && /CSV Parser state machine/.test(error.message);
}

async function equalise(file: SourceFile, folder: string): Promise<SourceFile> {
  // Node 20 cannot unpack Zstandard.
  if (file.format !== "csv" || /\.zst$/i.test(file.path)) return file;
  const readFrom = join(folder, `${randomUUID()}.csv`);
  await pipeline(openText(file), dropReturns(), createWriteStream(readFrom, { mode: 0o600 }));
  return { ...file, readFrom };
}

function openText({ path }: SourceFile): Readable {
  const bytes = createReadStream(path, { highWaterMark: 1 << 20 });
  return /\.gz$/i.test(path) ? bytes.pipe(createGunzip()) : bytes;
}

const LF = 10;
const CR = 13;

/** CR LF becomes LF, in quoted cells too, and so does a CR alone. */
function dropReturns(): Transform {
  let isAfterReturn = false;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      const kept = Buffer.allocUnsafe(chunk.length);
      let length = 0;
      let at = 0;
      while (at < chunk.length) {
        if (isAfterReturn && (chunk[at] === CR || chunk[at] === LF)) {
          isAfterReturn = chunk[at] === CR;
          at++;
          continue;
        }
        const found = chunk.indexOf(CR, at);
        const end = found < 0 ? chunk.length : found;
        length += chunk.copy(kept, length, at, end);
        isAfterReturn = found >= 0;
        if (isAfterReturn) kept[length++] = LF;
        at = end + 1;
      }
      done(null, kept.subarray(0, length));
    },
  });
}
