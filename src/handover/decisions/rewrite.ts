import { createWriteStream, existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { canonicalId, LookalikeError } from "../../core/index.ts";
import { syncFolder, writable } from "../../io/files.ts";
import type { Vault } from "../../trust/index.ts";
import type { Decision } from "../types.ts";
import { createLineWriter } from "./lines.ts";
import { isOpenLog, readDecisions } from "./log.ts";

export interface Rewritten {
  readonly kept: number;
  readonly changed: number;
  readonly dropped: number;
}

/**
 * Changes or drops decisions of a file. The new file replaces the old one when it is complete, so that a kill
 * leaves one or the other; if nothing changes, the file is not touched.
 *
 * @param change returns the decision itself, another one, or null to drop it
 * @throws ERR_OUTPUT_UNWRITABLE, ERR_KEY_REQUIRED, ERR_KEY_WRONG
 */
export async function rewriteDecisions(
  path: string,
  vault: Vault | null,
  change: (decision: Decision) => Decision | null,
): Promise<Rewritten> {
  const counts = { kept: 0, changed: 0, dropped: 0 };
  if (!existsSync(path)) return counts;
  async function* lines(): AsyncGenerator<string> {
    const writer = createLineWriter(vault);
    for await (const decision of readDecisions(path, vault)) {
      const result = change(decision);
      if (result === null) counts.dropped++;
      else {
        if (result === decision) counts.kept++;
        else counts.changed++;
        yield writer.line(result);
      }
    }
    if (!isOpenLog(path)) yield writer.end();
  }
  await replaceLines(path, lines, () => counts.changed + counts.dropped > 0);
  return counts;
}

/**
 * Encrypts decisions with another key, or decrypts them permanently (null). Does nothing if they already are
 * so.
 *
 * @returns whether the file changed
 * @throws ERR_KEY_REQUIRED, ERR_KEY_WRONG, ERR_OUTPUT_UNWRITABLE
 */
export async function resealDecisions(path: string, from: Vault | null, to: Vault | null): Promise<boolean> {
  if (!existsSync(path) || (await opensUnder(path, to))) return false;
  await replaceLines(
    path,
    async function* () {
      const writer = createLineWriter(to);
      for await (const decision of readDecisions(path, from)) yield writer.line(decision);
      yield writer.end();
    },
    () => true,
  );
  return true;
}

/**
 * Merges the decisions of a second log into a finished one: each replaces that of the same customer, or is
 * appended at the end. The second log is removed afterwards; after a kill before that, the next run merges it
 * again.
 *
 * @throws ERR_OUTPUT_UNWRITABLE, ERR_KEY_REQUIRED, ERR_KEY_WRONG
 */
export async function mergeDecisions(path: string, added: string, vault: Vault | null): Promise<void> {
  const byId = new Map<string, Decision>();
  for await (const decision of readDecisions(added, vault))
    byId.set(canonicalId(decision.customer_id), decision);
  await replaceLines(
    path,
    async function* () {
      const writer = createLineWriter(vault);
      for await (const decision of readDecisions(path, vault)) {
        const id = canonicalId(decision.customer_id);
        yield writer.line(byId.get(id) ?? decision);
        byId.delete(id);
      }
      for (const decision of byId.values()) yield writer.line(decision);
      yield writer.end();
    },
    () => true,
  );
  await rm(added, { force: true });
}

async function opensUnder(path: string, vault: Vault | null): Promise<boolean> {
  try {
    for await (const _ of readDecisions(path, vault)) return true;
    return true;
  } catch (error) {
    if (error instanceof LookalikeError && error.code.startsWith("ERR_KEY_")) return false;
    throw error;
  }
}

/** Writes the new file, which replaces the old one when it is complete. */
async function replaceLines(
  path: string,
  lines: () => AsyncGenerator<string>,
  isChanged: () => boolean,
): Promise<void> {
  const temporary = `${path}.rewrite`;
  const replace = async () => {
    await pipeline(lines, createWriteStream(temporary, { mode: 0o600 }));
    if (!isChanged()) return;
    const handle = await open(temporary, "r+");
    await handle.sync().finally(() => handle.close());
    await rename(temporary, path);
    await syncFolder(dirname(path));
  };
  await writable(path, replace).finally(() => rm(temporary, { force: true }));
}
