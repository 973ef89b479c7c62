import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepLease } from "../../src/cluster/lease.ts";
import type { Attempt } from "../../src/cluster/types.ts";

const ATTEMPT: Attempt = {
  ...{ runId: "r", phase: 0, number: 0, id: "first", jobId: "j", phaseName: "decide" },
};
const LEASE = { leaseSeconds: 90 };

/** A ledger whose answers are given in order; the last one repeats. */
function ledgerOf(...answers: (boolean | Error)[]) {
  const renewals: (readonly [string, number])[] = [];
  return {
    renewals,
    async renew({ id }: Attempt, leaseSeconds: number): Promise<boolean> {
      renewals.push([id, leaseSeconds]);
      const answer = answers[Math.min(renewals.length, answers.length) - 1] ?? true;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("a lease", () => {
  it("is renewed three times as often as it would end, until the work ends", async () => {
    const ledger = ledgerOf(true);
    const lease = keepLease(ledger, ATTEMPT, LEASE);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(ledger.renewals).toEqual([]);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(ledger.renewals).toEqual(Array.from({ length: 3 }, () => ["first", 90]));
    lease.end();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(ledger.renewals).toHaveLength(3);
  });

  it("is not renewed again after it was lost", async () => {
    const ledger = ledgerOf(true, false, true);
    keepLease(ledger, ATTEMPT, LEASE);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(ledger.renewals).toHaveLength(2);
  });

  it("is renewed again after the database was gone", async () => {
    const ledger = ledgerOf(new Error("gone"), new Error("gone"), true);
    const lease = keepLease(ledger, ATTEMPT, LEASE);
    await vi.advanceTimersByTimeAsync(150_000);
    expect(ledger.renewals).toHaveLength(5);
    lease.end();
  });

  it("ends for work that makes no progress, after three leases", async () => {
    const ledger = ledgerOf(true);
    const lease = keepLease(ledger, ATTEMPT, LEASE);
    await vi.advanceTimersByTimeAsync(200_000);
    lease.progress();
    await vi.advanceTimersByTimeAsync(270_000);
    expect(ledger.renewals).toHaveLength(15);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(ledger.renewals).toHaveLength(15);
  });

  it("is not renewed by work that ended during a renewal", async () => {
    let answer = (_: boolean) => {};
    const renew = vi.fn(() => new Promise<boolean>((resolve) => (answer = resolve)));
    const lease = keepLease({ renew }, ATTEMPT, LEASE);
    await vi.advanceTimersByTimeAsync(30_000);
    lease.end();
    answer(true);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(renew).toHaveBeenCalledTimes(1);
  });
});
