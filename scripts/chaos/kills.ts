import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { type KillRound, killAtRandom } from "./kill.ts";
import { OPERATIONS, type Operation } from "./operations.ts";
import type { Scene } from "./scene.ts";

/** Many rounds of many operations, on paper: what stands in the results file is not done again. */
export interface KillCampaign {
  /** Blows that must have fallen on each operation while it worked. */
  readonly kills: number;
  readonly seed: number;
  readonly operations: readonly Operation[];
  /** A line of JSON per round; null: nothing is kept. */
  readonly results: string | null;
  /** This process's rounds: every `of`-th from `part`, from 0. */
  readonly shard: { readonly part: number; readonly of: number };
}

export const ALL_OPERATIONS = Object.keys(OPERATIONS) as readonly Operation[];

/** @returns all rounds, those of earlier processes among them */
export async function runKills(scene: Scene, campaign: KillCampaign): Promise<readonly KillRound[]> {
  const { kills, seed, operations, results, shard } = campaign;
  const rounds = results !== null && existsSync(results) ? readRounds(results) : [];
  for (const operation of operations) {
    const own = rounds.filter((round) => round.operation === operation);
    const done = new Set(own.map(({ round }) => round));
    let fallen = own.filter(({ outcome }) => outcome === "killed").length;
    const wanted = Math.ceil(kills / shard.of);
    if (fallen >= wanted) continue;
    const plan = { seed, rounds: numbers(shard, done) };
    for await (const round of killAtRandom(scene, operation, plan)) {
      rounds.push(round);
      if (results !== null) appendFileSync(results, `${JSON.stringify(round)}\n`);
      if (round.problem !== null) console.error(`${operation} ${round.round}: ${round.problem}`);
      if (round.outcome === "killed") fallen++;
      if (fallen >= wanted) break;
    }
  }
  return rounds;
}

/** Per operation: blows that fell, blows that came too late, and wrong outcomes. */
export function tableOf(rounds: readonly KillRound[]) {
  return ALL_OPERATIONS.flatMap((operation) => {
    const own = rounds.filter((round) => round.operation === operation);
    const count = (test: (round: KillRound) => boolean) => own.filter(test).length;
    if (own.length === 0) return [];
    return [
      {
        operation,
        killed: count(({ outcome }) => outcome === "killed"),
        "too late": count(({ outcome }) => outcome === "too late"),
        wrong: count(({ problem }) => problem !== null),
      },
    ];
  });
}

function* numbers({ part, of }: KillCampaign["shard"], done: ReadonlySet<number>): Generator<number> {
  for (let round = part; ; round += of) if (!done.has(round)) yield round;
}

/** A line that a kill cut short is a round that was not done. */
function readRounds(path: string): KillRound[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as KillRound];
      } catch {
        return [];
      }
    });
}
