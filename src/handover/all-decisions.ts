import { existsSync } from "node:fs";
import type { Vault } from "../trust/index.ts";
import { readDecisions } from "./decisions/log.ts";
import { hasRecords, openRecords } from "./records/store.ts";
import { runFiles } from "./run-folder.ts";
import type { Decision } from "./types.ts";

/**
 * Reads all decisions of a folder: of the finished run, of an interrupted one, and of the service.
 *
 * @throws ERR_RUN_UNREADABLE, ERR_STORE_CORRUPT, ERR_KEY_REQUIRED, ERR_KEY_WRONG
 */
export async function* readAllDecisions(out: string, vault: Vault | null): AsyncGenerator<Decision> {
  const { decisions, partial } = runFiles(out);
  for (const path of [decisions, partial]) if (existsSync(path)) yield* readDecisions(path, vault);
  if (!hasRecords(out)) return;
  const records = openRecords(out, { vault });
  try {
    for (const { decision } of records.allServed()) yield decision;
  } finally {
    records.close();
  }
}
