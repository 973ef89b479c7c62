import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Names the folder in which the first PostgreSQL of a test run leaves its empty data, for the others to copy. */
export const TEMPLATE = "LOOKALIKE_TEST_POSTGRES_TEMPLATE";

/** Vitest calls this once per run, in the process that starts those of the tests. */
export default function setUp(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "lookalike-postgres-template-"));
  process.env[TEMPLATE] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
