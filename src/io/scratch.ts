import { createHash, randomBytes } from "node:crypto";
import { lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";

/**
 * Names of what exists only while a process works on it. They tell whose it is, so that what a killed process left
 * behind is known for that and removed by the next one: it may hold parts of tables or of search indexes.
 */

const FOLDER = /^lookalike-([0-9a-f]{6}-\d+)-[A-Za-z0-9]{6}$/;
const FILE = /^\..+\.([0-9a-f]{6}-\d+)\.[0-9a-f]{12}\.tmp$/;

/** Where a file is written before it takes its name: hidden, in the same folder. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${owner()}.${randomBytes(6).toString("hex")}.tmp`);
}

/** Removes what killed processes left half-written in a folder, and below it where it is `deep`. */
export async function removeLeftovers(
  folder: string,
  { deep = false }: { readonly deep?: boolean } = {},
): Promise<void> {
  const names = await readdir(folder, { recursive: deep }).catch((): string[] => []);
  for (const name of names) {
    if (isLeftover(FILE.exec(basename(name)))) await rm(join(folder, name), { force: true });
  }
}

/** A new private folder for passing work; remove it in the end. Takes those of killed processes away. */
export function makeScratch(base: string): string {
  for (const name of readdirSync(base)) {
    if (isLeftover(FOLDER.exec(name)) && isOurs(join(base, name))) {
      rmSync(join(base, name), { recursive: true, force: true });
    }
  }
  return mkdtempSync(join(base, `lookalike-${owner()}-`));
}

/** The machine (containers may share a folder and count their processes apart) and the process. */
function owner(): string {
  return `${machine()}-${process.pid}`;
}

function machine(): string {
  return createHash("sha256").update(hostname()).digest("hex").slice(0, 6);
}

function isLeftover(match: RegExpExecArray | null): boolean {
  const [host, pid] = match?.[1]?.split("-") ?? [];
  return host === machine() && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** The system's temporary folder is everyone's. */
function isOurs(path: string): boolean {
  const uid = process.getuid?.();
  return uid === undefined || lstatSync(path, { throwIfNoEntry: false })?.uid === uid;
}
