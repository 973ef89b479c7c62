/** Files that every machine of a cluster sees, by names with slashes below one root. A name is written once. */
export interface SharedFiles {
  /** The root, for messages. */
  readonly shown: string;
  /** The whole file or nothing of it is seen by others. @throws ERR_OUTPUT_UNWRITABLE */
  write(name: string, data: string | Uint8Array): Promise<void>;
  /** @throws ERR_SOURCE_NOT_FOUND */
  read(name: string): Promise<Buffer>;
  /** A part of a file; shorter where the file ends. @throws ERR_SOURCE_NOT_FOUND */
  readRange(name: string, start: number, length: number): Promise<Buffer>;
  /** The same for a file of this machine, whatever its size. @throws ERR_OUTPUT_UNWRITABLE, ERR_SOURCE_NOT_FOUND */
  upload(name: string, path: string): Promise<void>;
  /** Copies a file to this machine. @throws ERR_OUTPUT_UNWRITABLE, ERR_SOURCE_NOT_FOUND */
  download(name: string, path: string): Promise<void>;
  /** A new file that one process extends; others may read what is there. @throws ERR_OUTPUT_UNWRITABLE */
  appendTo(name: string): Appender;
  /** Removes a file, or everything below a name. Does nothing where there is none. */
  remove(name: string): Promise<void>;
  /** Names of the files below a name, relative to the root. */
  list(name: string): Promise<readonly string[]>;
  /** A folder of this machine in which the files below a name are; null: they are not on a file system. */
  folder(name: string): string | null;
}

export interface Appender {
  /** Nothing more is added after a failure, or once the file was removed. @throws ERR_OUTPUT_UNWRITABLE */
  append(text: string): void;
  close(): void;
}
