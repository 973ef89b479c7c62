import { statSync } from "node:fs";

/**
 * Connections of this process that can write, by file. While there is one, the file must not be opened in another way:
 * closing it would end the connections' locks (fcntl(2)). Another process could then remove the log of changes, and those
 * connections would see none any more.
 */
const connections = new Map<string, number>();

/** The file and not its path: locks are the file's, whatever it is called. Null: there is none. */
function fileOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? null : `${found.dev}:${found.ino}`;
}

/** How many connections of this process can write to a file. */
export function countConnections(path: string): number {
  return connections.get(fileOf(path) ?? "") ?? 0;
}

/** Notes a connection to a file that exists. @returns ends it; a second call does nothing */
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
