import { LookalikeError } from "../core/index.ts";
import { hashBytes } from "../io/files.ts";
import type { SharedFiles } from "../io/shared-files/index.ts";
import { isSealedText, type Vault } from "../trust/index.ts";
import type { OutputFile } from "./types.ts";

/** JSON Lines in the shared files. With a key each line is encrypted, bound to its file and position. */

/** @throws ERR_OUTPUT_UNWRITABLE */
export async function writeLines(
  files: SharedFiles,
  name: string,
  lines: readonly unknown[],
  vault: Vault | null,
): Promise<OutputFile> {
  const texts = lines.map((line, index) => {
    const text = JSON.stringify(line);
    return `${vault?.sealText(text, placeOf(name, index)) ?? text}\n`;
  });
  return writeBytes(files, name, Buffer.from(texts.join("")));
}

/** @throws ERR_OUTPUT_UNWRITABLE */
export async function writeBytes(files: SharedFiles, name: string, data: Uint8Array): Promise<OutputFile> {
  await files.write(name, data);
  return { name, sha256: hashBytes(data), bytes: data.length };
}

/** @throws ERR_SOURCE_NOT_FOUND, ERR_SHARD_DAMAGED, ERR_KEY_REQUIRED, ERR_KEY_WRONG */
export async function readLines(
  files: SharedFiles,
  file: OutputFile,
  vault: Vault | null,
): Promise<readonly unknown[]> {
  return parseLines(await readChecked(files, file), file.name, vault);
}

/** @throws ERR_KEY_REQUIRED, ERR_KEY_WRONG */
export function parseLines(data: Buffer, name: string, vault: Vault | null): readonly unknown[] {
  const lines = data.toString("utf8").split("\n");
  return lines
    .filter((line) => line !== "")
    .map((line, index) => JSON.parse(openLine(line, placeOf(name, index), vault)));
}

function openLine(line: string, place: string, vault: Vault | null): string {
  if (vault !== null) return vault.openText(line, place);
  if (!isSealedText(line)) return line;
  throw new LookalikeError("ERR_KEY_REQUIRED", `Expected a key for ${place}, which is encrypted`, {
    hint: "Pass --key-file, or set LOOKALIKE_KEY_FILE or LOOKALIKE_KEY, as for `cluster plan`.",
  });
}

/**
 * Reads a file and checks it against the committed hash.
 *
 * @throws ERR_SOURCE_NOT_FOUND, ERR_SHARD_DAMAGED
 */
export async function readChecked(files: SharedFiles, { name, sha256 }: OutputFile): Promise<Buffer> {
  const data = await files.read(name);
  if (hashBytes(data) === sha256) return data;
  throw shardDamaged(files, name);
}

export function shardDamaged({ shown }: SharedFiles, name: string): LookalikeError {
  return new LookalikeError(
    "ERR_SHARD_DAMAGED",
    `Expected the committed bytes in ${shown}/${name} but received others`,
    { hint: "Restore the file from a backup, or plan the run again." },
  );
}

function placeOf(name: string, index: number): string {
  return `${name} line ${index}`;
}
