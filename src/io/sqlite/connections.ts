import { statSync } from "node:fs";

/**
 * Writable connections of this process, by file. While one is open, the file must not be opened in another
 * way: closing that descriptor would release the connections' locks (fcntl(2)). Another process could then
 * remove the write-ahead log, and those connections would no longer see its changes.
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

/** The number of writable connections of this process to a file. */
export function countConnections(path: string): number {
  return connections.get(fileOf(path) ?? "") ?? 0;
}

/**
 * Registers a connection to an existing file.
 *
 * @returns removes the registration; a second call does nothing
 */
export function noteConnection(path: string): () => void {
  const file = fileOf(path) ?? "";
  connections.set(file, (connections.get(file) ?? 0) + 1);
  let isOpen = true;
  return () => {
    if (!isOpen) return;
    isOpen = false;
    const left = (connections.get(file) ?? 0) - 1;
    if (left > 0) connections.set(file, left);
    else connections.delete(file);
  };
}
