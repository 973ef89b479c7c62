import { isDeepStrictEqual } from "node:util";
import type { Random } from "../../src/random.ts";
import { OPERATIONS, type Operation, PREPARATIONS } from "./operations.ts";
import { openWorker } from "./processes.ts";
import { restore, type Scene } from "./scene.ts";
import { stateOf } from "./state.ts";

export interface KillResult {
  readonly operation: Operation;
  /** How often the process was killed while it worked. */
  readonly kills: number;
  /** Times that it had ended before the blow fell. */
  readonly tooLate: number;
  /** How often the next run ended elsewhere than an undisturbed one. */
  readonly wrong: number;
  readonly problems: readonly string[];
}

/**
 * Kills an operation (SIGKILL) at random moments of its run; after each, the next run must complete and end in the
 * state of an undisturbed one.
 */
export async function killAtRandom(
  scene: Scene,
  operation: Operation,
  {
    times,
    random,
    until = Number.POSITIVE_INFINITY,
  }: {
    readonly times: number;
    readonly random: Random;
    /** Begin no further round after this moment, ms of `performance.now()`. */
    readonly until?: number;
  },
): Promise<KillResult> {
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
  let kills = 0;
  let tooLate = 0;
  const problems: string[] = [];
  let next = openWorker(operation, scene.work);
  for (let i = 0; i < times && performance.now() < until; i++) {
    const worker = await next;
    prepare();
    const timer = setTimeout(() => worker.child.kill("SIGKILL"), random() * wholeMs);
    const outcome = await worker.start();
    clearTimeout(timer);
    if (outcome === "killed") kills++;
    else tooLate++;
    // Started while this process works: the wait for it is most of a round.
    if (i + 1 < times && performance.now() < until) next = openWorker(operation, scene.work);
    try {
      await OPERATIONS[operation](scene.work);
      if (!isDeepStrictEqual(await stateOf(scene.work), undisturbed)) {
        problems.push(`${i}: another state: ${difference(undisturbed, await stateOf(scene.work))}`);
      }
    } catch (error) {
      problems.push(`${i}: ${String(error)}`);
    }
  }
  return { operation, kills, tooLate, wrong: problems.length, problems };
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
  return parts.join(" | ").slice(0, 600);
}
