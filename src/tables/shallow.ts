import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { createDepthMeter, LookalikeError, MOST_LEVELS } from "../core/index.ts";

/**
 * Rejects a JSON file nested so deeply that the database would run out of stack or memory.
 *
 * @throws ERR_SOURCE_UNREADABLE
 */
export async function requireShallow(path: string, name: string): Promise<void> {
  // Damaged archives and Zstandard files are left to the database, which reports what is wrong with them.
  if (/\.zst$/i.test(path)) return;
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  const source = /\.gz$/i.test(path) ? file.pipe(createGunzip()) : file;
  const meter = createDepthMeter();
  try {
    for await (const chunk of source) if (meter.isTooDeep(chunk as Buffer)) throw tooDeep(name);
  } catch (error) {
    if (error instanceof LookalikeError) throw error;
  } finally {
    file.destroy();
  }
}

function tooDeep(name: string): LookalikeError {
  return new LookalikeError(
    "ERR_SOURCE_UNREADABLE",
    `Expected at most ${MOST_LEVELS} levels of lists and objects in ${name} but received more`,
    { hint: "Use a table: one object per row, with plain values." },
  );
}
