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
 * Reads files of which some CSV files may be broken in ways that cost more than the broken line. Such a file is read
 * from a copy in the database's own folder; memory stays flat.
 *
 * Lines before the header are not copied. An unclosed quote would join the rows after it into one cell: in the copy its
 * line is one that the reader rejects, and the rows after it are read. Lines that end in LF beside others that end in
 * CR LF make the reader refuse the file as a whole (its lenient mode reads them, but cuts off surplus fields in
 * silence): the copy has equal line ends.
 *
 * @param read is called again where its first call meets unequal line ends
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
      // Its message would name the copy.
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
  // More fields than the header has: the reader refuses the line, counts it, and notes how it begins.
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

/** Of a line that is refused. */
const SHOWN_BYTES = 1000;

interface Edit {
  /** Bytes of the text. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Keeps the part, without its quotes. */
  readonly isUnquoted?: boolean;
}

/** Puts other text in the place of some parts, which are in order and apart. */
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
