import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";

const MEMORY_DISK = "/dev/shm";
/** What a whole run leaves there at most, with room to spare. */
const NEEDED_BYTES = 6e9;

/**
 * Vitest calls this once per run, before it starts the processes of the tests: their temporary folders are kept in memory
 * where there is plenty of it. The databases of a campaign wait for the disk at each commit, and the tests commit
 * thousands of times.
 */
export default function setUp(): (() => void) | undefined {
  if (process.env.TMPDIR !== undefined || !existsSync(MEMORY_DISK)) return undefined;
  const { bavail, bsize } = statfsSync(MEMORY_DISK);
  if (Math.min(bavail * bsize, process.availableMemory()) < NEEDED_BYTES) return undefined;
  const folder = mkdtempSync(join(MEMORY_DISK, "lookalike-"));
  // The PostgreSQL server of the tests runs as a user of its own where this process is root.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
