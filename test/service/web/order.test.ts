import { describe, expect, it } from "vitest";
import { inOrder, newest, withLater, withLaterOf } from "../../../src/service/web/order.ts";

/** Requests that are answered when the test says so. */
function createServer() {
  const open: { readonly resolve: (answer: string) => void; readonly reject: (error: Error) => void }[] = [];
  const ask = (_: string) =>
    new Promise<string>((resolve, reject) => {
      open.push({ resolve, reject });
    });
  return { ask, open };
}

describe("newest", () => {
  it("shows the answer of the last request, whichever arrives last", async () => {
    const { ask, open } = createServer();
    const shown: string[] = [];
    const load = newest(ask, (answer) => shown.push(answer));
    const loads = [load("approved"), load("undone"), load("rejected")];
    open[2]?.resolve("rejected");
    open[0]?.resolve("approved");
    open[1]?.reject(new Error("the session has ended"));
    await Promise.all(loads);
    expect(shown).toEqual(["rejected"]);
  });

  it("reports the error of the last request, and shows the answer of the next", async () => {
    const { ask, open } = createServer();
    const shown: string[] = [];
    const load = newest(ask, (answer) => shown.push(answer));
    const failed = load("a");
    open[0]?.reject(new Error("no answer"));
    await expect(failed).rejects.toThrow("no answer");
    const next = load("b");
    open[1]?.resolve("b");
    await next;
    expect(shown).toEqual(["b"]);
  });
});

describe("inOrder", () => {
  it("starts each piece of work after the one before, also after an error", async () => {
    const inTurn = inOrder();
    const steps: string[] = [];
    const first = inTurn(async () => {
      steps.push("first starts");
      await Promise.resolve();
      steps.push("first ends");
      throw new Error("conflict");
    });
    const second = inTurn(async () => void steps.push("second"));
    await expect(first).rejects.toThrow("conflict");
    await second;
    expect(steps).toEqual(["first starts", "first ends", "second"]);
  });
});

describe("later standings", () => {
  const row = (hash: string, seq: number, state = `state ${seq}`) => ({ hash, standing: { seq, state } });

  it("replace earlier ones, and no answer brings back an earlier state", () => {
    const rows = [row("a", 1), row("b", 5)];
    expect(withLater(rows, { a: { seq: 3, state: "state 3" }, b: { seq: 4, state: "state 4" } })).toEqual([
      row("a", 3),
      row("b", 5),
    ]);
    // The same array: nothing is drawn again.
    expect(withLater(rows, { b: { seq: 5, state: "again" } })).toBe(rows);
  });

  it("of shown rows stay when a list arrives that was requested before them", () => {
    const loaded = [row("a", 1), row("b", 2), row("new", 0)];
    expect(withLaterOf([row("a", 7), row("b", 2), row("gone", 9)], loaded)).toEqual([
      row("a", 7),
      row("b", 2),
      row("new", 0),
    ]);
    expect(withLaterOf(null, loaded)).toBe(loaded);
  });
});
