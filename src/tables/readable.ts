import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { isLookalikeError } from "../core/index.ts";
import type { Database } from "../io/duckdb/index.ts";
import { readCsvHeader, unreadableFile } from "./csv.ts";
import type { SourceFile } from "./files.ts";
import { findOpenQuotes } from "./quotes.ts";

/**
 * Reads files, some of which may be CSV files with errors that affect more than their own line. Such a file
 * is read from a copy in the database's own folder; memory use is constant.
 *
 * Lines before the header are not copied. An unclosed quote would join the rows after it into one cell: in
 * the copy, the reader rejects its line and reads the rows after it. If some lines end in LF and others in CR
 * LF, the reader rejects the whole file (its lenient mode reads them, but silently drops surplus fields): the
 * copy has uniform line ends.
 *
 * @param read is called again if its first call finds mixed line ends
 * @throws ERR_SOURCE_EMPTY, ERR_SOURCE_UNREADABLE
 */
export async function withReadableText<T>(
  database: Database,
  originals: readonly SourceFile[],
  read: (files: readonly SourceFile[]) => Promise<T>,
): Promise<T> {
  const files: SourceFile[] = [];
  for (const file of originals) files.push(await withoutOpenQuotes(file, database.folder));
  try {
    return await read(files);
  } catch (error) {
    if (!isOfMixedLineEnds(error)) throw error;
    const copies: SourceFile[] = [];
    for (const file of files) copies.push(await equalise(file, database.folder));
    return await read(copies).catch((second: unknown) => {
      // The message would name the copy.
      throw isOfMixedLineEnds(second) ? error : second;
    });
  }
}

function isOfMixedLineEnds(error: unknown): boolean {
  return isLookalikeError(error) && /CSV Parser state machine/.test(error.message);
}

/** Node 20 cannot unpack Zstandard. */
function isText({ format, path }: SourceFile): boolean {
  return format === "csv" && !/\.zst$/i.test(path);
}

async function equalise(file: SourceFile, folder: string): Promise<SourceFile> {
  return isText(file) ? { ...file, readFrom: await copyText(file, folder, dropReturns()) } : file;
}

async function withoutOpenQuotes(file: SourceFile, folder: string): Promise<SourceFile> {
  if (!isText(file)) return file;
  const { delimiter, columns, preamble } = await readCsvHeader(file);
  const options = { delimiter: delimiter.charCodeAt(0), columns: columns.length };
  const quotes = await findOpenQuotes(openText(file), options).catch((error: unknown) => {
    throw unreadableFile(file, error);
  });
  if (quotes.length === 0 && preamble.lines === 0) return file;
  // More fields than the header has: the reader rejects the line, counts it, and records how it begins.
  const refused = `${delimiter.repeat(columns.length)}x`;
  const edits = quotes.flatMap(({ start, end }): Edit[] => {
    const shown = Math.min(end, start + SHOWN_BYTES);
    return [
      { start, end: shown, text: "", isUnquoted: true },
      { start: shown, end, text: refused },
    ];
  });
  if (preamble.lines > 0) edits.unshift({ start: 0, end: preamble.end, text: "" });
  const readFrom = await copyText(file, folder, replaceParts(edits));
  const openQuotes = new Set(quotes.map(({ line }) => line - preamble.lines));
  return { ...file, readFrom, openQuotes, delimiter };
}

async function copyText(file: SourceFile, folder: string, change: Transform): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${randomUUID()}.csv`);
  await pipeline(openText(file), change, createWriteStream(path, { mode: 0o600 }));
  return path;
}

function openText({ readFrom }: SourceFile): Readable {
  const bytes = createReadStream(readFrom, { highWaterMark: 1 << 20 });
  return /\.gz$/i.test(readFrom) ? bytes.pipe(createGunzip()) : bytes;
}

/** Shown bytes of a rejected line. */
const SHOWN_BYTES = 1000;

interface Edit {
  /** Offset in the text, bytes. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Keeps the part and removes its quotes. */
  readonly isUnquoted?: boolean;
}

/** Replaces some parts of a stream, which are in order and do not overlap. */
function replaceParts(edits: readonly Edit[]): Transform {
  let offset = 0;
  let next = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      let at = 0;
      for (let edit = edits[next]; edit !== undefined; edit = edits[next]) {
        const { start, end, text, isUnquoted } = edit;
        const from = Math.max(0, start - offset);
        if (from >= chunk.length) break;
        if (start >= offset) {
          this.push(chunk.subarray(at, from));
          if (text !== "") this.push(text);
        }
        at = Math.min(chunk.length, end - offset);
        if (isUnquoted) this.push(chunk.subarray(from, at).filter((byte) => byte !== QUOTE));
        if (end - offset > chunk.length) break;
        next++;
      }
      offset += chunk.length;
      done(null, chunk.subarray(at));
    },
  });
}

const QUOTE = 34;
const LF = 10;
const CR = 13;

/** CR LF and single CR become LF, in quoted cells too. */
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
