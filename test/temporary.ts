import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, onTestFinished } from "vitest";

/** A new folder for the tests of a file or a `describe`, removed after the last of them. */
export function folderOfFile(): string {
  const folder = makeFolder();
  afterAll(() => remove(folder));
  return folder;
}

/** A new folder for the running test, removed at its end. */
export function folderOfTest(): string {
  const folder = makeFolder();
  onTestFinished(() => remove(folder));
  return folder;
}

function makeFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "lookalike-test-")));
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
