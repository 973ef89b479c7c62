import { isDeepStrictEqual } from "node:util";
import { createRandom } from "../../src/core/index.ts";
import { OPERATIONS, type Operation, PREPARATIONS } from "./operations.ts";
import { openWorker, type Worker } from "./processes.ts";
import { restore, type Scene } from "./scene.ts";
import { stateOf } from "./state.ts";

/** One blow, and whether the next run made it good. */
export interface KillRound {
  readonly operation: Operation;
  readonly round: number;
  /** When the blow was to fall, as a share of the operation's whole time. */
  readonly moment: number;
  /** `too late`: the process had ended before. */
  readonly outcome: "killed" | "too late";
  /** What was wrong after the next run; null: it ended where an undisturbed one does. */
  readonly problem: string | null;
}

/** Which rounds to do: the moment of each depends on the seed and its number alone. */
export interface KillPlan {
  readonly seed: number;
  readonly rounds: Iterable<number>;
}

/**
 * Kills an operation (SIGKILL) at random moments of its run; after each, the next run must complete and end in the
 * state of an undisturbed one. Stop reading to stop.
 */
export async function* killAtRandom(
  scene: Scene,
  operation: Operation,
  { seed, rounds }: KillPlan,
): AsyncGenerator<KillRound> {
  const prepare = () => {
    restore(scene);
    PREPARATIONS[operation](scene.work);
  };
  prepare();
  const first = await openWorker(operation, scene.work);
  const startedAt = performance.now();
  await first.start();
  const wholeMs = performance.now() - startedAt;
  const undisturbed = await stateOf(scene.work);
  let next: Promise<Worker> | null = null;
  try {
    const numbers = rounds[Symbol.iterator]();
    for (let number = numbers.next(); number.done !== true; ) {
      const round = number.value;
      const moment = createRandom(seed * 10_007 + round)();
      const worker = await (next ?? openWorker(operation, scene.work));
      prepare();
      const timer = setTimeout(() => worker.child.kill("SIGKILL"), moment * wholeMs);
      const outcome = (await worker.start()) === "killed" ? "killed" : "too late";
      clearTimeout(timer);
      number = numbers.next();
      // Started while this process works: the wait for it is most of a round.
      next = number.done === true ? null : openWorker(operation, scene.work);
      yield { operation, round, moment, outcome, problem: await runAgain(scene, operation, undisturbed) };
    }
  } finally {
    (await next)?.child.kill();
  }
}

async function runAgain(scene: Scene, operation: Operation, undisturbed: unknown): Promise<string | null> {
  try {
    await OPERATIONS[operation](scene.work);
    const state = await stateOf(scene.work);
    return isDeepStrictEqual(state, undisturbed) ? null : difference(undisturbed, state);
  } catch (error) {
    return String(error);
  }
}

function difference(expected: unknown, actual: unknown): string {
  const parts = Object.entries(expected as Record<string, unknown>).flatMap(([name, value]) => {
    const other = (actual as Record<string, unknown>)[name];
    if (isDeepStrictEqual(value, other)) return [];
    const [a, b] = [value, other].map((part) =>
      Array.isArray(part) ? part.map(String) : [JSON.stringify(part)],
    );
    const only = (from: readonly string[] = [], than: readonly string[] = []) =>
      from.filter((entry) => !than.includes(entry)).slice(0, 3);
    return [`${name}: lacks ${only(a, b)}; has ${only(b, a)}`];
  });
  return `another state: ${parts.join(" | ")}`.slice(0, 600);
}
