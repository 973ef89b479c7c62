import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { evaluatePolicy } from "../../../src/experiments/index.ts";
import {
  importanceWeights,
  policyEstimates,
  VALUE_ESTIMATORS,
  type ValueEstimator,
} from "../../../src/statistics/index.ts";
import type { ExperimentBenchOptions } from "../experiments.ts";

/** Debian's python3-sklearn. */
const PYTHON = "/usr/bin/python3";
const COLUMNS = {
  action: "item_id",
  propensity: "propensity_score",
  reward: "click",
  stratum: "position",
} as const;

/**
 * Open Bandit, small sample (Saito et al. 2020): the uniform policy on the logs of Bernoulli Thompson, and Bernoulli Thompson
 * on the log of the random policy beside the Open Bandit Pipeline's arithmetic in scikit-learn.
 */
export async function benchLogged({ folder }: ExperimentBenchOptions): Promise<void> {
  if (folder === undefined) {
    process.stdout.write(
      "\nlogged: skipped, pass --folder with {bts,random}-{men,women}.csv, random-men-items.csv and prior_bts.yaml\n",
    );
    return;
  }
  for (const campaign of ["men", "women"]) {
    const log = join(folder, `bts-${campaign}.csv`);
    const { overlap, estimates, refusal } = await evaluatePolicy({
      log,
      columns: COLUMNS,
      policy: "uniform",
    });
    const { ips, snips } = estimates;
    process.stdout.write(
      `\n${campaign}: IPS ${ips.value.toFixed(7)}, SNIPS ${snips.value.toFixed(7)}, effective rows ${overlap.effectiveRows.toFixed(2)}, largest weight ${overlap.largestWeight.toFixed(2)}; ${refusal ?? "verdict given"}\n`,
    );
  }
  await besidePeer(folder, "men");
}

interface Peer {
  readonly action: number[];
  readonly reward: number[];
  readonly propensity: number[];
  readonly place: number[];
  /** By place and action. */
  readonly policy: number[][];
  /** By row and action. */
  readonly predicted: number[][];
  readonly estimates: Record<ValueEstimator, number>;
}

async function besidePeer(folder: string, campaign: string): Promise<void> {
  const peer = runPeer(folder, campaign);
  if (peer === null) {
    process.stdout.write("\nno peer: scikit-learn or the random policy's files are missing\n");
    return;
  }
  const log = {
    actions: Int32Array.from(peer.action),
    rewards: Float64Array.from(peer.reward),
    propensity: Float64Array.from(peer.propensity),
    actionCount: peer.policy[0]?.length ?? 0,
  };
  const policy = (row: number, action: number) => peer.policy[peer.place[row] ?? 0]?.[action] ?? 0;
  const predicted = (row: number, action: number) => peer.predicted[row]?.[action] ?? 0;
  const weights = importanceWeights(log, policy);
  const same = policyEstimates(log, policy, weights, { predicted, resamples: 10 });
  const places = Object.fromEntries(
    peer.policy.map((chances, place) => [String(place + 1), Object.fromEntries(chances.entries())]),
  );
  const { estimates: own } = await evaluatePolicy({
    log: join(folder, `random-${campaign}.csv`),
    columns: COLUMNS,
    policy: places,
  });
  process.stdout.write(`\n${campaign}, Bernoulli Thompson on the log of the random policy\n`);
  console.table(
    Object.fromEntries(
      VALUE_ESTIMATORS.map((name) => [
        name,
        {
          peer: peer.estimates[name].toFixed(7),
          "ours, the peer's predictions": same[name].value.toFixed(7),
          "ours, own predictions": own[name].value.toFixed(7),
        },
      ]),
    ),
  );
}

function runPeer(folder: string, campaign: string): Peer | null {
  if (!existsSync(join(folder, `random-${campaign}.csv`))) return null;
  const scratch = mkdtempSync(join(tmpdir(), "lookalike-peer-"));
  try {
    const out = join(scratch, "peer.json");
    const script = resolve("scripts/bench/experiments/open-bandit.py");
    const done = spawnSync(PYTHON, [script, folder, campaign, out], { encoding: "utf8" });
    if (done.status !== 0) {
      process.stderr.write(done.stderr);
      return null;
    }
    return JSON.parse(readFileSync(out, "utf8")) as Peer;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
