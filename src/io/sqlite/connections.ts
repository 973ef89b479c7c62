import { closeSync, openSync, statSync } from "node:fs";

/**
 * Writable connections that this process has made, by file. Such a file must not be opened in another way: closing that
 * descriptor would release the locks of the connections (fcntl(2)). Another process could then remove the write-ahead log,
 * and the connections would no longer see its changes. Closed connections count too, because libsql keeps the
 * descriptors of a connection, and its locks, until its statements have been collected as garbage.
 */
const connections = new Map<string, number>();

/**
 * Identifies the file rather than its path: locks belong to the file, whatever its name. Null if it does not
 * exist.
 */
function fileOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? null : `${found.dev}:${found.ino}`;
}

/** Descriptors that cannot be closed; one per file and mode. */
const kept = new Map<string, number>();

/**
 * Opens a file for `look`. The descriptor stays open if the process has made more connections to the file than `own`.
 *
 * @throws what `openSync` and `look` throw
 */
export function lookInto<T>(
  path: string,
  { flags, own }: { readonly flags: "r" | "r+"; readonly own: number },
  look: (descriptor: number) => T,
): T {
  const file = fileOf(path) ?? "";
  const open = kept.get(`${flags} ${file}`);
  if (open !== undefined) return look(open);
  const descriptor = openSync(path, flags);
  try {
    return look(descriptor);
  } finally {
    if ((connections.get(file) ?? 0) > own) kept.set(`${flags} ${file}`, descriptor);
    else closeSync(descriptor);
  }
}

/** Counts a connection to an existing file. */
export function noteConnection(path: string): void {
  const file = fileOf(path) ?? "";
  connections.set(file, (connections.get(file) ?? 0) + 1);
}
