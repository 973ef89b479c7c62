import { setImmediate as nextTurn } from "node:timers/promises";

/** Times of answers, ms, and what went wrong. */
export interface Load {
  readonly sent: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

export interface LoadOptions {
  readonly perSecond: number;
  readonly seconds: number;
  /** Sends request `i`; resolves to whether the answer was right. */
  readonly send: (i: number) => Promise<boolean>;
}

/**
 * Open loop: requests are due at fixed moments, whether or not earlier ones were answered, and their time counts from
 * the moment that they were due. A slow server does not slow its callers down. The loop uses a whole processor core.
 */
export async function openLoop({ perSecond, seconds, send }: LoadOptions): Promise<Load> {
  const total = Math.round(perSecond * seconds);
  const times = new Float64Array(total);
  const open: Promise<void>[] = [];
  let failed = 0;
  const startedAt = performance.now();
  for (let i = 0; i < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1000) * perSecond) + 1);
    for (; i < due; i++) {
      const number = i;
      const dueAt = startedAt + (number * 1000) / perSecond;
      const done = send(number).then(
        (isRight) => {
          times[number] = performance.now() - dueAt;
          if (!isRight) failed++;
        },
        () => {
          times[number] = Number.POSITIVE_INFINITY;
          failed++;
        },
      );
      open.push(done);
    }
    // A timer would be late by a millisecond or two, which would count as time of the server.
    await nextTurn();
  }
  await Promise.all(open);
  const elapsed = (performance.now() - startedAt) / 1000;
  return { sent: total, failed, perSecond: total / elapsed, ...quantilesOf(times) };
}

/** Closed loop: as many requests as are answered, over so many connections. */
export async function closedLoop(
  { workers, seconds }: { readonly workers: number; readonly seconds: number },
  send: (i: number) => Promise<boolean>,
): Promise<{ readonly sent: number; readonly failed: number; readonly perSecond: number }> {
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1000;
  let [sent, failed] = [0, 0];
  const work = async () => {
    while (performance.now() < endsAt) if (!(await send(sent++))) failed++;
  };
  await Promise.all(Array.from({ length: workers }, work));
  return { sent, failed, perSecond: sent / ((performance.now() - startedAt) / 1000) };
}

function quantilesOf(times: Float64Array) {
  const sorted = times.toSorted();
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), most: at(1) };
}
