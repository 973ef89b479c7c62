import type { FaceEngine } from "../../faces/index.ts";
import type { Database } from "../../io/sqlite/index.ts";
import type { Store } from "../state/store.ts";
import type { IndexOptions } from "../types-index.ts";
import type { IndexFile } from "../vectors/index-file.ts";

export interface IndexRun {
  readonly database: Database;
  readonly store: Store;
  readonly file: IndexFile;
  readonly engine: FaceEngine;
  readonly options: IndexOptions;
}
