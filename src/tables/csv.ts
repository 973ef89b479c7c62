import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { LookalikeError } from "../core/index.ts";
import type { SourceFile } from "./files.ts";

export interface CsvHeader {
  readonly delimiter: string;
  readonly columns: readonly string[];
}

/** No header of a real table is longer; a file without a line end within it is no table. */
const MAX_HEADER_BYTES = 1 << 20;

/**
 * The header of a CSV file, read by hand rather than guessed from its rows: a bad row must not change how the
 * others are read. The delimiter is whichever of comma, semicolon, tab and bar stands most often in it.
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
  const line = firstRecord(head.subarray(start).toString("utf8"));
  if (line === null) throw unreadable(file.name, "a header line but received 1 MB without a line end");
  if (line.trim() === "") throw emptySource(file.name);
  if (line.includes("\0")) throw unreadable(file.name, "a header of text but received NUL bytes");
  const delimiter = mostFrequent(line, [",", ";", "\t", "|"]);
  const columns = splitRecord(line, delimiter).map((name) => name.trim());
  return { delimiter, columns };
}

export function emptySource(name: string): LookalikeError {
  return new LookalikeError("ERR_SOURCE_EMPTY", `Expected a header and rows in ${name} but received none`, {
    hint: "Check that the export ran to its end.",
  });
}

function unreadable(name: string, what: string): LookalikeError {
  return new LookalikeError("ERR_SOURCE_UNREADABLE", `${name}: expected ${what}`, {
    hint: "Export the file as CSV in UTF-8 with a header line.",
  });
}

async function readHead(file: SourceFile): Promise<Buffer> {
  const handle = await open(file.path, "r").catch((cause: unknown) => {
    throw new LookalikeError("ERR_SOURCE_UNREADABLE", `Could not open ${file.name}`, {
      hint: "Check the permissions.",
      cause,
    });
  });
  const stream = handle.createReadStream({ start: 0, end: MAX_HEADER_BYTES - 1 });
  const isGzip = /\.gz$/i.test(file.path);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of isGzip ? stream.pipe(createGunzip()) : stream) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length >= MAX_HEADER_BYTES) break;
    }
  } catch (cause) {
    // The compressed file was cut after its first megabyte on purpose; what came before is what counts.
    if (length === 0) throw unreadable(file.name, `a whole file (${String(cause)})`);
  } finally {
    stream.destroy();
  }
  return Buffer.concat(chunks).subarray(0, MAX_HEADER_BYTES);
}

/** Up to the first line end outside quotes; null where a megabyte has none. */
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
