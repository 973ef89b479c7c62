import { createHash, randomBytes } from "node:crypto";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { LookalikeError } from "../core/index.ts";

/**
 * Names of temporary files. They contain the process id, so that the next process can detect and remove the
 * files of a killed one. They may contain parts of tables or of search indexes.
 */

const FOLDER = /^lookalike-([0-9a-f]{6}-\d+(?:-[0-9a-z]+)?)-[A-Za-z0-9]{6}$/;
/** Includes the journals that SQLite keeps next to a file. */
const FILE = /^\..+\.([0-9a-f]{6}-\d+(?:-[0-9a-z]+)?)\.[0-9a-f]{12}\.tmp(?:-journal|-wal|-shm)?$/;

/** Temporary path for writing a file before it is renamed to `path`: hidden, in the same folder. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${owner()}.${randomBytes(6).toString("hex")}.tmp`);
}

/** Removes half-written files of killed processes from a folder, and from its subfolders if `deep` is set. */
export async function removeLeftovers(
  folder: string,
  { deep = false }: { readonly deep?: boolean } = {},
): Promise<void> {
  const names = await readdir(folder, { recursive: deep }).catch((): string[] => []);
  for (const name of names) {
    if (isLeftover(FILE.exec(basename(name)))) await rm(join(folder, name), { force: true });
  }
}

/**
 * Creates a private folder for temporary files; remove it at the end. Also removes the folders of killed
 * processes.
 * @throws ERR_OUTPUT_UNWRITABLE
 */
export function makeScratch(base: string): string {
  for (const name of namesIn(base)) {
    if (isLeftover(FOLDER.exec(name)) && isOurs(join(base, name))) {
      rmSync(join(base, name), { recursive: true, force: true });
    }
  }
  try {
    return mkdtempSync(join(base, `lookalike-${owner()}-`));
  } catch (cause) {
    throw noScratch(base, cause);
  }
}

function namesIn(base: string): string[] {
  try {
    return readdirSync(base);
  } catch (cause) {
    throw noScratch(base, cause);
  }
}

function noScratch(base: string, cause: unknown): LookalikeError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LookalikeError("ERR_OUTPUT_UNWRITABLE", `Could not make temporary files in ${base}: ${why}`, {
    hint: "Set TMPDIR to a folder that exists, is writable and has free space.",
    cause,
  });
}

/**
 * The machine (containers may share a folder and number their processes independently), the process id, and
 * the start time of the process: in a container every process may have the id 1.
 */
function owner(): string {
  return `${machine()}-${process.pid}-${startOf(process.pid) ?? "0"}`;
}

/**
 * When a process was started, in clock ticks of the kernel; null if the system does not report it (only Linux
 * does).
 */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may contain any character; the start is the 22nd field, the 20th after the name.
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    return ticks === undefined ? null : Number(ticks).toString(36);
  } catch {
    return null;
  }
}

function machine(): string {
  return createHash("sha256").update(hostname()).digest("hex").slice(0, 6);
}

function isLeftover(match: RegExpExecArray | null): boolean {
  const [host, pid, start = "0"] = match?.[1]?.split("-") ?? [];
  if (host !== machine()) return false;
  if (!isAlive(Number(pid))) return true;
  const present = startOf(Number(pid));
  return start !== "0" && present !== null && present !== start;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Other users share the system's temporary folder. */
function isOurs(path: string): boolean {
  const uid = process.getuid?.();
  return uid === undefined || lstatSync(path, { throwIfNoEntry: false })?.uid === uid;
}
