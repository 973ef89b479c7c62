import type { ErrorCode } from "../../../core/index.ts";
import type { BatchOutcome, RecordBatch } from "../types.ts";

/** What the writer's thread is started with. */
export interface WriterData {
  readonly out: string;
  /** Path of the consent registry; null: none. */
  readonly consents: string | null;
  readonly databaseKey: string | null;
}

export interface WriteRequest {
  readonly id: number;
  readonly batch: RecordBatch;
}

export type WriteReply =
  | { readonly id: number; readonly outcome: BatchOutcome }
  | {
      readonly id: number;
      readonly error: { readonly code: ErrorCode | null; readonly message: string; readonly hint: string };
    };
