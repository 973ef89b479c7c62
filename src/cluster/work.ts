import type { EngineSource } from "../faces/index.ts";
import type { ConsentRegistry } from "../trust/index.ts";
import type { Attempt, ShardOutput } from "./types.ts";

/** Options of the machine that works on a run. */
export interface WorkOptions {
  /** Local root of the shared files, if it differs from that of the plan. */
  readonly data?: string | undefined;
  /** A local folder for copies; default: the system's temporary folder. */
  readonly workFolder?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly engine?: EngineSource | undefined;
  /** Ads rendered at once. */
  readonly jobs?: number | undefined;
  /** Id of this machine; default: `machineId`. */
  readonly machine?: string | undefined;
  readonly now: () => Date;
  readonly signal?: AbortSignal | undefined;
}

/** An output that was written under the attempt's id and is not committed yet. */
export interface PerformedShard {
  readonly output: ShardOutput;
  /** Updates the output to the registry's present version; null: it uses no registry. */
  revise(): Promise<ShardOutput | null>;
}

/** Works on the shards of one run. */
export interface RunWork {
  /** @param onProgress called whenever a part of the shard is finished, to keep the shard's lease */
  perform(attempt: Attempt, onProgress: () => void): Promise<PerformedShard>;
  /** Removes an output that will not be committed. */
  discard(output: ShardOutput): Promise<void>;
  /** The registry whose version is compared at each commit; null: the run uses none. */
  readonly registry: ConsentRegistry | null;
  close(): Promise<void>;
}
