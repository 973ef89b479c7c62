import { open, stat } from "node:fs/promises";
import { LookalikeError } from "../core/index.ts";

/** Files that a command writes where the user names them, by their first bytes. */
const BEGINNINGS = {
  html: "<!doctype html",
  png: "\x89PNG",
  refused: "source,row,code,reason",
  model: '{\n "format": "lookalike-offers"',
  metric: '{"format":"lookalike-metric"',
} as const;

export type OutputKind = keyof typeof BEGINNINGS;

const KIND_OF_FLAG: Readonly<Record<string, OutputKind>> = {
  refused: "refused",
  html: "html",
  report: "html",
  sheet: "png",
};

/**
 * Checks the files that a command will write before its work. A file that holds something else, such as the customers,
 * is not replaced.
 *
 * @throws ERR_OUTPUT_UNWRITABLE
 */
export async function checkOutputFiles(flags: object): Promise<void> {
  for (const [flag, path] of Object.entries(flags)) {
    const kind = KIND_OF_FLAG[flag];
    if (kind !== undefined && typeof path === "string") await requireReplaceable(path, kind);
  }
}

/** @throws ERR_OUTPUT_UNWRITABLE the file exists, is not empty and is not one of this kind */
export async function requireReplaceable(path: string, kind: OutputKind): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile() || found.size === 0) return;
  const wanted = Buffer.from(BEGINNINGS[kind], "latin1");
  const file = await open(path, "r").catch(() => null);
  // A file that cannot be read fails when it is written, with its reason.
  if (file === null) return;
  const { buffer, bytesRead } = await file
    .read(Buffer.alloc(wanted.length), 0, wanted.length, 0)
    .finally(() => file.close());
  if (bytesRead === wanted.length && buffer.equals(wanted)) return;
  throw new LookalikeError(
    "ERR_OUTPUT_UNWRITABLE",
    `Expected a new file for ${path}, or an earlier one of this output, but it contains something else`,
    { hint: "Name another file: this one would be replaced." },
  );
}
