/**
 * Finds quotes that were opened and not closed, or not doubled, in CSV text that arrives in pieces. Such a quote joins the
 * following rows into one cell, up to the next quote, and a parser that follows the format accepts that.
 */

/** A line with an unclosed quote, or with text after a closed one: its number from 1, and its position in the text, bytes. */
export interface OpenQuote {
  readonly line: number;
  readonly start: number;
  /** Position after the line, before its line end. */
  readonly end: number;
}

export interface QuoteOptions {
  /** One byte. */
  readonly delimiter: number;
  /** Fields of the header. */
  readonly columns: number;
}

/** The reader rejects a record of more bytes in any case. */
const LONGEST_RECORD = 2_000_000;

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

/** @param chunks the bytes of the file; memory is limited to one chunk and the longest record */
export async function findOpenQuotes(
  chunks: AsyncIterable<Uint8Array>,
  options: QuoteOptions,
): Promise<OpenQuote[]> {
  const found: OpenQuote[] = [];
  let carry: Buffer = Buffer.alloc(0);
  let offset = 0;
  let line = 1;
  const take = (isEnd: boolean) => {
    const used = scanPiece(carry, isEnd, options, (start, end) => {
      found.push({ line: line + countLines(carry, 0, start), start: offset + start, end: offset + end });
    });
    line += countLines(carry, 0, used);
    offset += used;
    carry = carry.subarray(used);
  };
  for await (const chunk of chunks) {
    carry = carry.length === 0 ? Buffer.from(chunk) : Buffer.concat([carry, chunk]);
    take(false);
  }
  take(true);
  return found;
}

/** @returns the number of bytes of the piece that form whole records */
function scanPiece(
  piece: Buffer,
  isEnd: boolean,
  options: QuoteOptions,
  report: (start: number, end: number) => void,
): number {
  let settled = 0;
  for (;;) {
    const quote = piece.indexOf(QUOTE, settled);
    // A piece without any line end is part of a line that the reader rejects for its length.
    if (quote < 0) return isEnd ? piece.length : piece.lastIndexOf(LF) + 1 || piece.length;
    const start = Math.max(settled, piece.lastIndexOf(LF, quote) + 1);
    const end = endOfRecord(piece, start, isEnd, options.delimiter);
    if (end === "unknown") return start;
    const firstLineEnd = endOfLine(piece, start);
    const isOpen = end === "open" || looksLikeRecords(piece.subarray(start, end), options);
    if (isOpen) report(start, piece[firstLineEnd - 1] === CR ? firstLineEnd - 1 : firstLineEnd);
    settled = isOpen ? Math.min(firstLineEnd + 1, piece.length) : end;
    if (settled >= piece.length) return settled;
  }
}

/** "open": a quote in the first line is not closed correctly; "unknown": the rest has not arrived yet. */
type RecordEnd = number | "open" | "unknown";

/** Position of the next record. */
function endOfRecord(piece: Buffer, start: number, isEnd: boolean, delimiter: number): RecordEnd {
  const missing = isEnd || piece.length - start > LONGEST_RECORD ? "open" : "unknown";
  for (let at = start; ; at++) {
    if (piece[at] === QUOTE) {
      const close = closingQuote(piece, at, delimiter);
      if (close === null || (!isEnd && close + 1 >= piece.length)) return missing;
      if (close < 0) return endAfterText(piece, start, missing);
      at = close + 1;
    }
    at = endOfField(piece, at, delimiter);
    if (at >= piece.length) return isEnd ? piece.length : missing;
    if (piece[at] === LF) return at + 1;
  }
}

function endOfField(piece: Buffer, start: number, delimiter: number): number {
  let at = start;
  while (at < piece.length && piece[at] !== delimiter && piece[at] !== LF) at++;
  return at;
}

/** Text follows a closing quote: the reader would reject the line and lose the rows after it. */
function endAfterText(piece: Buffer, start: number, missing: "open" | "unknown"): RecordEnd {
  return nextLine(piece, start) === null ? missing : "open";
}

/** The position of the quote that closes a field; negative if text follows it; null if there is none. */
function closingQuote(piece: Buffer, open: number, delimiter: number): number | null {
  let from = open + 1;
  for (;;) {
    const quote = piece.indexOf(QUOTE, from);
    if (quote < 0) return null;
    let after = quote + 1;
    if (piece[after] === QUOTE) {
      from = after + 1;
      continue;
    }
    while (piece[after] === SPACE) after++;
    const next = piece[after];
    return next === undefined || next === delimiter || next === LF || next === CR ? quote : -quote;
  }
}

/**
 * Whether a record with several lines is several records joined by a quote: each of its lines has as many
 * fields as the header. Lines of a cell with its own line breaks have fewer. In a table of two columns a line
 * of text may have two by chance, so three lines are required.
 */
function looksLikeRecords(record: Buffer, { columns, delimiter }: QuoteOptions): boolean {
  if (columns < 2) return false;
  let lines = 0;
  for (let start = 0; start < record.length; ) {
    const end = endOfLine(record, start);
    if (countFields(record.subarray(start, end), delimiter) !== columns) return false;
    lines++;
    start = end + 1;
  }
  return lines >= (columns === 2 ? 3 : 2);
}

/** Number of fields of a single line; a quote that is not closed on it is an ordinary character. */
function countFields(line: Buffer, delimiter: number): number {
  let fields = 1;
  let at = 0;
  while (at < line.length) {
    if (line[at] === QUOTE) {
      const close = closingQuote(line, at, delimiter);
      if (close !== null && close > 0) at = close + 1;
    }
    at = endOfField(line, at, delimiter);
    if (at < line.length) fields++;
    at++;
  }
  return fields;
}

function countLines(piece: Buffer, from: number, to: number): number {
  let lines = 0;
  for (let at = piece.indexOf(LF, from); at >= 0 && at < to; at = piece.indexOf(LF, at + 1)) lines++;
  return lines;
}

function endOfLine(piece: Buffer, start: number): number {
  const end = piece.indexOf(LF, start);
  return end < 0 ? piece.length : end;
}

function nextLine(piece: Buffer, from: number): number | null {
  const end = piece.indexOf(LF, from);
  return end < 0 ? null : end + 1;
}
