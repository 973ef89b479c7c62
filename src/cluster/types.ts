/** What is shared out: the customers of a campaign, or the photos of an inventory. */
export type RunKind = "customers" | "photos";

/** `planning`: its inputs are being written; `working`: workers take its shards; `merged`: its result was written. */
export type RunState = "planning" | "working" | "merged";

/** One run on many machines. */
export interface ClusterRun {
  readonly id: string;
  readonly kind: RunKind;
  /** Of everything that its result depends on. */
  readonly fingerprint: string;
  readonly state: RunState;
  /** Root of the shared files. */
  readonly data: string;
  readonly leaseSeconds: number;
  /** What its kind of work needs; written by `plan`, read by workers. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

/** Work of a run that can be done in any order; each phase begins when the one before has ended. */
export interface Phase {
  readonly name: string;
  readonly shards: number;
}

/** A part of a phase. */
export interface ShardName {
  readonly runId: string;
  /** Position among the run's phases, from 0. */
  readonly phase: number;
  /** From 0. */
  readonly number: number;
}

/** One worker's try at a shard. What it writes counts only once it is committed under this very id. */
export interface Attempt extends ShardName {
  readonly id: string;
  readonly jobId: string;
  /** Name of the phase. */
  readonly phaseName: string;
}

/** What an attempt wrote. */
export interface ShardOutput {
  /** Names below the run's shared files. */
  readonly files: readonly OutputFile[];
  /** Customers, photos or rows. */
  readonly rows: number;
  /** The consent registry's version under which the output was made; null: no registry has a part in it. */
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
  /** Tries beyond the first of a shard: leases that ended, and errors. */
  readonly repeats: number;
  readonly isDone: boolean;
  /** The last errors, by shard. */
  readonly errors: readonly { readonly shard: string; readonly error: string; readonly attempts: number }[];
}
