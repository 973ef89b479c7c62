import { stat } from "node:fs/promises";
import { z } from "zod";
import { hashFile } from "../io/files.ts";
import type { SharedFiles } from "../io/shared-files/index.ts";
import type { OutputFile } from "./types.ts";

export { openSharedFiles } from "../io/shared-files/index.ts";

/** A shared file as runs and shards record it. */
export const outputFile = z.object({ name: z.string(), sha256: z.string(), bytes: z.number() });

/** @throws ERR_OUTPUT_UNWRITABLE */
export async function uploadFile(files: SharedFiles, name: string, path: string): Promise<OutputFile> {
  const uploaded = { name, sha256: await hashFile(path), bytes: (await stat(path)).size };
  await files.upload(name, path);
  return uploaded;
}
