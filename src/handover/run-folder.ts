import { join } from "node:path";
import { CREATIVES_FOLDER } from "../core/index.ts";

/** Every file of a run's output folder, by its absolute or relative path below `out`. */
export interface RunFiles {
  /** One decision per line; it has this name only when the run is complete. */
  readonly decisions: string;
  /** The decisions of a running or interrupted run. */
  readonly partial: string;
  /** Fingerprint of the partial decisions: a run with another fingerprint starts again. */
  readonly fingerprint: string;
  /** Lock of the process that generates, erases or purges. */
  readonly lock: string;
  /** Data of the run for exports and pages. */
  readonly manifest: string;
  readonly proof: string;
  readonly creatives: string;
  readonly exports: string;
  /** Outcomes, exposures, decisions of the service, and reviews. */
  readonly records: string;
}

/** Paths of the parts of a run. Their names are defined only here. */
export function runFiles(out: string): RunFiles {
  const partial = join(out, ".decisions.partial.jsonl");
  return {
    decisions: join(out, "decisions.jsonl"),
    partial,
    fingerprint: fingerprintFile(partial),
    lock: join(out, ".writer.lock"),
    manifest: join(out, "run.json"),
    proof: join(out, "proof.html"),
    creatives: join(out, CREATIVES_FOLDER),
    exports: join(out, "exports"),
    records: join(out, "run.db"),
  };
}

/** The file beside a log of decisions that is not complete, with its fingerprint. */
export function fingerprintFile(log: string): string {
  return `${log}.fingerprint`;
}
