import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { canonicalId, LookalikeError } from "../core/index.ts";
import type { SourceFile } from "./files.ts";

export interface CsvHeader {
  readonly delimiter: string;
  readonly columns: readonly string[];
  /** Lines before the header: empty lines, and Excel's `sep=;`. */
  readonly preamble: Preamble;
}

/** No header of a real table is longer; a file without a line end within this many bytes is not a table. */
const MAX_HEADER_BYTES = 1 << 20;

/**
 * The header of a CSV file. It is parsed here rather than guessed from the rows, because a bad row must not
 * change how the others are read. The delimiter is the one named by a line `sep=;` before the header, else
 * the most frequent of comma, semicolon, tab and `|` in the header.
 *
 * @throws ERR_SOURCE_EMPTY, ERR_SOURCE_UNREADABLE
 */
export async function readCsvHeader(file: SourceFile): Promise<CsvHeader> {
  const head = await readHead(file);
  if (head.length === 0) throw emptySource(file.name);
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
    throw unreadable(file.name, "text in UTF-8 but received UTF-16");
  }
  const start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  const text = head.subarray(start).toString("latin1");
  const preamble = findPreamble(text);
  const record = firstRecord(text.slice(preamble.length));
  if (record === null) throw unreadable(file.name, "a header line but received 1 MB without a line end");
  const line = utf8Of(record);
  if (line === null) throw unreadable(file.name, "text in UTF-8 but received a header in another encoding");
  if (line.trim() === "") throw emptySource(file.name);
  if (line.includes("\0")) throw unreadable(file.name, "a header of text but received NUL bytes");
  const delimiter = file.delimiter ?? preamble.delimiter ?? mostFrequent(line, [",", ";", "\t", "|"]);
  const columns = splitRecord(line, delimiter).map((name) => canonicalId(name));
  return { delimiter, columns, preamble: { ...preamble, end: start + preamble.length } };
}

interface Preamble {
  readonly lines: number;
  /** Offset of the header in the file, bytes. */
  readonly end: number;
}

/** Empty lines and Excel's `sep=` before the header. */
function findPreamble(text: string) {
  const before = /^(?:[ \t]*\r?\n|"?sep=[^\r\n]"?[ \t]*\r?\n)*/i.exec(text)?.[0] ?? "";
  return {
    length: before.length,
    lines: before.split("\n").length - 1,
    delimiter: /^"?sep=([^\r\n])/im.exec(before)?.[1] ?? null,
  };
}

/** The text of UTF-8 bytes, given as one character per byte; null if they are not UTF-8. */
function utf8Of(bytes: string): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(bytes, "latin1"));
  } catch {
    return null;
  }
}

export function emptySource(name: string): LookalikeError {
  return new LookalikeError("ERR_SOURCE_EMPTY", `Expected a header and rows in ${name} but received none`, {
    hint: "Check that the export is complete.",
  });
}

export function unreadableFile({ name }: SourceFile, cause: unknown): LookalikeError {
  return unreadable(name, `a whole file (${String(cause)})`);
}

function unreadable(name: string, what: string): LookalikeError {
  return new LookalikeError("ERR_SOURCE_UNREADABLE", `${name}: expected ${what}`, {
    hint: "Export the file as CSV in UTF-8 (in Excel: CSV UTF-8) with a header line.",
  });
}

async function readHead(file: SourceFile): Promise<Buffer> {
  const handle = await open(file.readFrom, "r").catch((cause: unknown) => {
    throw new LookalikeError("ERR_SOURCE_UNREADABLE", `Could not open ${file.name}`, {
      hint: "Check the permissions.",
      cause,
    });
  });
  const stream = handle.createReadStream({ start: 0, end: MAX_HEADER_BYTES - 1 });
  const isGzip = /\.gz$/i.test(file.readFrom);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of isGzip ? stream.pipe(createGunzip()) : stream) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length >= MAX_HEADER_BYTES) break;
    }
  } catch (cause) {
    // The compressed file was cut after its first megabyte on purpose; only the text before the cut matters.
    if (length === 0) throw unreadableFile(file, cause);
  } finally {
    stream.destroy();
  }
  return Buffer.concat(chunks).subarray(0, MAX_HEADER_BYTES);
}

/** The text up to the first line end outside quotes; null if a megabyte has none. */
function firstRecord(text: string): string | null {
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (character === "\n" || character === "\r")) return text.slice(0, i);
  }
  return text.length >= MAX_HEADER_BYTES / 4 ? null : text;
}

function mostFrequent(line: string, delimiters: readonly string[]): string {
  const bare = line.replace(/"(?:[^"]|"")*"/g, "");
  let best = ",";
  let most = 0;
  for (const delimiter of delimiters) {
    const count = bare.split(delimiter).length - 1;
    if (count > most) {
      most = count;
      best = delimiter;
    }
  }
  return best;
}

function splitRecord(line: string, delimiter: string): string[] {
  const fields: string[] = [];
  let field = "";
  let isQuoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i] as string;
    if (isQuoted && character === '"' && line[i + 1] === '"') {
      field += '"';
      i++;
    } else if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && character === delimiter) {
      fields.push(field);
      field = "";
    } else field += character;
  }
  return [...fields, field];
}
