import type { EngineSource } from "../faces/index.ts";
import type { ConsentRegistry } from "../trust/index.ts";
import type { Attempt, ShardOutput } from "./types.ts";

/** What a kind of run needs of the machine that works on it. */
export interface WorkOptions {
  /** Root of the shared files here, where it differs from that of the plan. */
  readonly data?: string | undefined;
  /** A local folder for copies; default: the system's temporary folder. */
  readonly workFolder?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly engine?: EngineSource | undefined;
  /** Ads under way at once. */
  readonly jobs?: number | undefined;
  /** This machine; default: what `machineId` says. */
  readonly machine?: string | undefined;
  readonly now: () => Date;
  readonly signal?: AbortSignal | undefined;
}

/** An output that was written under the attempt's id and does not count yet. */
export interface PerformedShard {
  readonly output: ShardOutput;
  /** The output by the registry's present version; null: no registry has a part in it. */
  revise(): Promise<ShardOutput | null>;
}

/** Works on the shards of one run. */
export interface RunWork {
  perform(attempt: Attempt): Promise<PerformedShard>;
  /** Removes an output that will never count. */
  discard(output: ShardOutput): Promise<void>;
  /** Whose version is compared at each commit; null: none has a part in the run. */
  readonly registry: ConsentRegistry | null;
  close(): Promise<void>;
}
