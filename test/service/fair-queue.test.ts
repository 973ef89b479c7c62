import { describe, expect, it } from "vitest";
import { createFairQueue, inSlices } from "../../src/service/fair-queue.ts";

const items = Array.from({ length: 100 }, (_, i) => i);

/** Counts turns of the event loop until it is stopped. */
function countTurns() {
  let [count, isStopped] = [0, false];
  const next = () => {
    count++;
    if (!isStopped) setImmediate(next);
  };
  setImmediate(next);
  return {
    now: () => count,
    stop() {
      isStopped = true;
    },
  };
}

describe("slices", () => {
  it("of several callers alternate, each in a turn of its own, and give their results in order", async () => {
    const queue = createFairQueue();
    const loop = countTurns();
    const order: string[] = [];
    const seen: number[] = [];
    const run = (name: string) =>
      inSlices(items, { most: 25, queue }, async (slice) => {
        order.push(`${name}${slice[0]}`);
        seen.push(loop.now());
        return slice.map((item) => `${name}${item}`);
      });
    const [a, b] = await Promise.all([run("a"), run("b")]);
    loop.stop();
    expect(order).toEqual(["a0", "b0", "a25", "b25", "a50", "b50", "a75", "b75"]);
    expect(new Set(seen).size).toBe(8);
    expect(a).toEqual(items.map((item) => `a${item}`));
    expect(b).toEqual(items.map((item) => `b${item}`));
  });

  it("do not make a few items wait", async () => {
    const queue = createFairQueue();
    let isSliced = false;
    const large = inSlices(items, { most: 10, queue }, async (slice) => slice).then(() => {
      isSliced = true;
    });
    expect(await inSlices([1, 2], { most: 10, queue }, async (slice) => slice)).toEqual([1, 2]);
    expect(isSliced).toBe(false);
    await large;
  });

  it("that fail end their own caller's work and nobody else's", async () => {
    const queue = createFairQueue();
    const failing = inSlices(items, { most: 25, queue }, async (slice) => {
      if (slice.includes(30)) throw new RangeError("30");
      return slice;
    });
    const other = inSlices(items, { most: 25, queue }, async (slice) => slice);
    await expect(failing).rejects.toThrow("30");
    expect(await other).toEqual(items);
  });
});
