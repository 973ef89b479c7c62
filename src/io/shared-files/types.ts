/**
 * Files that every machine of a cluster sees, named by paths with slashes relative to one root. A name is
 * written once.
 */
export interface SharedFiles {
  /** The root, for messages. */
  readonly shown: string;
  /** Writes a file atomically. @throws ERR_OUTPUT_UNWRITABLE */
  write(name: string, data: string | Uint8Array): Promise<void>;
  /** @throws ERR_SOURCE_NOT_FOUND */
  read(name: string): Promise<Buffer>;
  /**
   * Copies a file of this machine, of any size, to the shared files.
   *
   * @throws ERR_OUTPUT_UNWRITABLE, ERR_SOURCE_NOT_FOUND
   */
  upload(name: string, path: string): Promise<void>;
  /** Copies a file to this machine. @throws ERR_OUTPUT_UNWRITABLE, ERR_SOURCE_NOT_FOUND */
  download(name: string, path: string): Promise<void>;
  /**
   * Creates a file that one process appends to; others may read what is written so far. null: the store has no such
   * files. @throws ERR_OUTPUT_UNWRITABLE
   */
  readonly appendTo: ((name: string) => Appender) | null;
  /** Removes a file, or everything below a name. Does nothing if it does not exist. */
  remove(name: string): Promise<void>;
  /** Names of the files below a name, relative to the root. */
  list(name: string): Promise<readonly string[]>;
  /** The local folder that contains the files below a name; null if they are not on a file system. */
  folder(name: string): string | null;
}

export interface Appender {
  /** Does nothing after a failure or after the file was removed. @throws ERR_OUTPUT_UNWRITABLE */
  append(text: string): void;
  close(): void;
}
