import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openJournal } from "../../src/campaign/journal.ts";

interface Row {
  readonly n: number;
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lookalike-journal-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(fingerprint: string, upTo: number, isUsable = (_: Row) => true): Promise<number[]> {
  const journal = await openJournal<Row>(folder, fingerprint, isUsable);
  const earlier: number[] = [];
  for await (const { n } of journal.earlier()) earlier.push(n);
  for (let n = earlier.length; n < upTo; n++) await journal.append({ n });
  await (upTo === 5 ? journal.finish() : journal.suspend());
  return earlier;
}

const decisions = () => readFileSync(join(folder, "decisions.jsonl"), "utf8");
const FIVE = [0, 1, 2, 3, 4].map((n) => `{"n":${n}}\n`).join("");

describe("the journal of a run", () => {
  it("goes on after an interruption and ends as an undisturbed run would", async () => {
    expect(await run("a", 2)).toEqual([]);
    expect(() => decisions()).toThrow();
    expect(await run("a", 5)).toEqual([0, 1]);
    expect(decisions()).toBe(FIVE);
    expect(await run("a", 5)).toEqual([]);
  });

  it("starts anew when anything that matters has changed", async () => {
    await run("a", 3);
    expect(await run("b", 5)).toEqual([]);
    expect(decisions()).toBe(FIVE);
  });

  it.each(['{"n":2}', '{"n":', "\u0000\u0000", '{"n"\n{"n":3}\n'])("drops the torn end %j", async (torn) => {
    await run("a", 2);
    appendFileSync(join(folder, ".decisions.partial.jsonl"), torn);
    expect(await run("a", 5)).toEqual([0, 1]);
    expect(decisions()).toBe(FIVE);
  });

  it("makes records anew from the first that no longer holds", async () => {
    await run("a", 4);
    expect(await run("a", 5, ({ n }) => n !== 1)).toEqual([0]);
    expect(decisions()).toBe(FIVE);
  });

  it("says when it cannot write", async () => {
    writeFileSync(join(folder, "file"), "");
    await expect(openJournal(join(folder, "file", "out"), "a", () => true)).rejects.toMatchObject({
      code: "ERR_OUTPUT_UNWRITABLE",
    });
  });
});
