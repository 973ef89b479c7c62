import { describe, expect, it } from "vitest";
import { createLimit, createMemo, mapOrdered, once } from "../../src/core/index.ts";

describe("a value that is made once", () => {
  it("is made at the first call, also when it is undefined", () => {
    let made = 0;
    const get = once(() => {
      made++;
    });
    expect(get.made()).toBeNull();
    get();
    get();
    expect(made).toBe(1);
  });

  it("is made again after its promise was rejected, and not while it is pending", async () => {
    let calls = 0;
    const get = once(async () => {
      calls++;
      if (calls === 1) throw new Error("the disk is full");
      return calls;
    });
    const first = get();
    expect(get()).toBe(first);
    await expect(first).rejects.toThrow("the disk is full");
    expect(get.made()).toBeNull();
    expect(await get()).toBe(2);
    expect(await get()).toBe(2);
  });
});

describe("results by key", () => {
  it("keep the keys that were used last", async () => {
    const made: string[] = [];
    const memo = createMemo<string>(2);
    const of = (key: string) =>
      memo(key, async () => {
        made.push(key);
        return key;
      });
    for (const key of ["a", "b", "a", "c", "a", "b"]) expect(await of(key)).toBe(key);
    expect(made).toEqual(["a", "b", "c", "b"]);
  });

  it("do not keep a failure, nor remove the result that came after it", async () => {
    const memo = createMemo<number>(1);
    let fail = (_: Error) => {};
    const failing = memo("a", () => new Promise((_, reject) => (fail = reject)));
    await memo("b", async () => 0);
    const later = memo("a", async () => 1);
    fail(new Error("too late"));
    await expect(failing).rejects.toThrow("too late");
    expect(await later).toBe(1);
    expect(memo("a", async () => 2)).toBe(later);
  });
});

describe("concurrent work", () => {
  it("is limited, keeps its order, and continues after a failure", async () => {
    const inTurn = createLimit(1);
    const done: string[] = [];
    const work = (name: string, fails = false) =>
      inTurn(async () => {
        done.push(`${name} starts`);
        await Promise.resolve();
        if (fails) throw new Error(name);
        done.push(`${name} ends`);
      });
    const all = await Promise.allSettled([work("a"), work("b", true), work("c")]);
    expect(all.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(done).toEqual(["a starts", "a ends", "b starts", "c starts", "c ends"]);
  });

  it("yields results in the order of the source, and a failure in its place", async () => {
    let running = 0;
    let most = 0;
    const seen: number[] = [];
    const mapped = mapOrdered([3, 1, 2, 0, 5], 2, async (n) => {
      running++;
      most = Math.max(most, running);
      for (let i = 0; i < n; i++) await Promise.resolve();
      running--;
      if (n === 0) throw new Error("zero");
      return n;
    });
    await expect(
      (async () => {
        for await (const n of mapped) seen.push(n);
      })(),
    ).rejects.toThrow("zero");
    expect(seen).toEqual([3, 1, 2]);
    expect(most).toBe(2);
    expect(running).toBe(0);
  });
});
