import { readdir, realpath, stat } from "node:fs/promises";
import { dirname, extname, join, relative, resolve, sep } from "node:path";
import { LookalikeError } from "../core/index.ts";
import { requireShallow } from "./shallow.ts";

/** Where rows come from: a file, a folder (files directly in it), a glob (`*`, `?`, `**`), or several of these. */
export type TableSource = string | readonly string[];

export type FileFormat = "csv" | "parquet" | "json";

export interface SourceFile {
  /** The path as given or found, for messages. */
  readonly name: string;
  /** Absolute, symbolic links resolved. */
  readonly path: string;
  /** The file that is read: `path`, or a readable copy of it. */
  readonly readFrom: string;
  readonly format: FileFormat;
  /** Of a copy: the delimiter that a line before the header named. */
  readonly delimiter?: string;
  /** Line numbers of `readFrom` that replace lines with an unclosed quote. */
  readonly openQuotes?: ReadonlySet<number>;
}

const FORMATS: Readonly<Record<string, FileFormat>> = {
  ".csv": "csv",
  ".tsv": "csv",
  ".txt": "csv",
  ".parquet": "parquet",
  ".pq": "parquet",
  ".json": "json",
  ".jsonl": "json",
  ".ndjson": "json",
};

/**
 * The files of a source, each once; those of a folder or a glob by name.
 *
 * @throws ERR_SOURCE_NOT_FOUND the path does not exist, or a folder or glob contains no table
 */
export async function findFiles(source: TableSource): Promise<SourceFile[]> {
  const found: SourceFile[] = [];
  for (const given of typeof source === "string" ? [source] : source) found.push(...(await expand(given)));
  if (found.length === 0) throw notFound("no source");
  return [...new Map(found.map((file) => [file.path, file])).values()];
}

async function expand(given: string): Promise<SourceFile[]> {
  if (given.includes("\0")) throw notFound("a path with a NUL byte");
  // An existing file takes precedence over a glob of the same name.
  const entry = await stat(given).catch(() => null);
  if (entry?.isFile()) return [await sourceFile(given, true)];
  if (given === "-" || (entry !== null && !entry.isDirectory())) throw notAFile(given);
  const names = entry?.isDirectory() ? await listFolder(given) : await matchGlob(given);
  if (names.length === 0) throw notFound(given);
  const files = await Promise.all(names.map(async (name) => ((await isFolder(name)) ? [] : [name])));
  if (files.flat().length === 0) throw notFound(given);
  return Promise.all(files.flat().map((name) => sourceFile(name, false)));
}

/** Subfolders are not searched, whatever their name. @throws ERR_SOURCE_NOT_FOUND a pipe or a device */
async function isFolder(name: string): Promise<boolean> {
  const entry = await stat(name).catch(() => null);
  if (entry === null || entry.isFile() || entry.isDirectory()) return entry?.isDirectory() ?? false;
  throw notAFile(name);
}

async function sourceFile(name: string, isNamed: boolean): Promise<SourceFile> {
  // A file given by name is read as CSV if its extension is unknown.
  const format = FORMATS[extname(name.replace(/\.(?:gz|zst)$/i, "")).toLowerCase()];
  if (format === undefined && !isNamed) throw notFound(name);
  const path = await realpath(name);
  if (format === "json") await requireShallow(path, name);
  return { name, path, readFrom: path, format: format ?? "csv" };
}

/** @param name relative to the searched folder: the folders above it may have any name */
const isTable = (name: string): boolean =>
  extname(name.replace(/\.(?:gz|zst)$/i, "")).toLowerCase() in FORMATS && !/(?:^|[\\/])[._]/.test(name);

async function listFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder);
  return entries
    .filter(isTable)
    .sort()
    .map((name) => join(folder, name));
}

async function matchGlob(pattern: string): Promise<string[]> {
  if (!/[*?]/.test(pattern)) return [];
  const fixed = pattern.slice(0, pattern.search(/[*?]/));
  const root = resolve(fixed.endsWith("/") || fixed === "" ? fixed || "." : dirname(fixed));
  const rest = relative(root, resolve(pattern)).split(sep).join("/");
  const matcher = globToRegExp(rest);
  const depth = rest.includes("**") ? Number.POSITIVE_INFINITY : rest.split("/").length;
  const names = await walk(root, depth).catch(() => []);
  return names
    .filter((name) => {
      const below = relative(root, name).split(sep).join("/");
      return matcher.test(below) && isTable(below);
    })
    .sort();
}

async function walk(folder: string, depth: number): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth > 1) found.push(...(await walk(path, depth - 1)));
    else if (!entry.isDirectory()) found.push(path);
  }
  return found;
}

function globToRegExp(glob: string): RegExp {
  const body = glob.replace(/\*\*\/|\*\*|[*?]|[.+^${}()|[\]\\]/g, (token) => {
    if (token === "**/") return "(?:.*/)?";
    if (token === "**") return ".*";
    if (token === "*") return "[^/]*";
    return token === "?" ? "[^/]" : `\\${token}`;
  });
  return new RegExp(`^${body}$`);
}

function notAFile(what: string): LookalikeError {
  return new LookalikeError(
    "ERR_SOURCE_NOT_FOUND",
    `Expected a file for the table but received the stream ${what}`,
    {
      hint: "Write the stream to a file first: a table is read more than once.",
    },
  );
}

function notFound(what: string): LookalikeError {
  return new LookalikeError(
    "ERR_SOURCE_NOT_FOUND",
    `Expected a table (CSV, Parquet or JSON) but found none at ${what}`,
    { hint: "Check the path. A folder is searched for .csv, .parquet and .json files, not its subfolders." },
  );
}
