/** The items of a run: the customers of a campaign, the photos of an inventory, or records of logs. */
export type RunKind = "customers" | "photos" | "logs";

/** `planning`: its inputs are being written; `working`: workers take its shards; `merged`: its result was written. */
export type RunState = "planning" | "working" | "merged";

/** One run on several machines. */
export interface ClusterRun {
  readonly id: string;
  readonly kind: RunKind;
  /** Hash of everything that the result depends on. */
  readonly fingerprint: string;
  readonly state: RunState;
  /** Root of the shared files. */
  readonly data: string;
  readonly leaseSeconds: number;
  /** Settings of the kind of work; written by `plan`, read by workers. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

/** A part of a run whose shards can be done in any order; it begins when the phase before has ended. */
export interface Phase {
  readonly name: string;
  readonly shards: number;
}

/** A part of a phase. */
export interface ShardName {
  readonly runId: string;
  /** Index of the phase, from 0. */
  readonly phase: number;
  /** Index of the shard in its phase, from 0. */
  readonly number: number;
}

/** One worker's attempt at a shard. Its output counts only after a commit with this id. */
export interface Attempt extends ShardName {
  readonly id: string;
  readonly jobId: string;
  /** Name of the phase. */
  readonly phaseName: string;
}

/** The output of an attempt. */
export interface ShardOutput {
  /** Names below the run's shared files. */
  readonly files: readonly OutputFile[];
  /** Customers, photos or rows. */
  readonly rows: number;
  /** The consent registry's version that the output is based on; null: it uses no registry. */
  readonly consents: number | null;
}

export interface OutputFile {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface PhaseStatus extends Phase {
  readonly done: number;
  readonly active: number;
  readonly waiting: number;
  /** Shards whose retries are used up. */
  readonly failed: number;
}

export interface RunStatus {
  readonly run: ClusterRun;
  readonly phases: readonly PhaseStatus[];
  /** Attempts beyond the first of a shard, because of ended leases and errors. */
  readonly repeats: number;
  readonly isDone: boolean;
  /** The last errors, by shard. */
  readonly errors: readonly { readonly shard: string; readonly error: string; readonly attempts: number }[];
}
