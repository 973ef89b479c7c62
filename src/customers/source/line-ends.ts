import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Database } from "../../duckdb/index.ts";
import { isLookalikeError } from "../../errors.ts";
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
    return read(copies);
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

const CR = 13;

/** CR LF becomes LF, in quoted cells too; a CR alone stays. */
function dropReturns(): Transform {
  let endedInReturn = false;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      const text = endedInReturn ? Buffer.concat([Buffer.of(CR), chunk]) : chunk;
      endedInReturn = text.at(-1) === CR;
      const end = endedInReturn ? text.length - 1 : text.length;
      let kept = 0;
      const target = Buffer.allocUnsafe(end);
      for (let start = 0; start < end; ) {
        const found = text.indexOf("\r\n", start, "latin1");
        const stop = found < 0 || found >= end ? end : found;
        kept += text.copy(target, kept, start, stop);
        start = stop === end ? end : stop + 1;
      }
      done(null, target.subarray(0, kept));
    },
    flush(done) {
      done(null, endedInReturn ? Buffer.of(CR) : null);
    },
  });
}
