import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Decision } from "../../src/handover/index.ts";
import { openJournal } from "../../src/handover/journal.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lookalike-journal-"));
  mkdirSync(join(folder, "creatives"));
  for (let n = 0; n < 5; n++) writeFileSync(join(folder, "creatives", `${n}.jpg`), "");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function decision(n: number): Decision {
  return {
    customer_id: String(n),
    offer: { id: "apple", basis: "lift", uplift: null, lift: 1.2, expected_value: 3 },
    photo: { path: "/photos/default.jpg", basis: "default", distance: null, reason: "no_consent" },
    copy: { headline: "New", body: "Now", cta: "Go" },
    creatives: [{ channel: "square", file: `creatives/${n}.jpg`, width: 1, height: 1, bytes: 0, sha256: "" }],
    models: {},
  };
}

async function run(fingerprint: string, upTo: number): Promise<string[]> {
  const journal = await openJournal({ out: folder, fingerprint });
  const earlier: string[] = [];
  for await (const { customer_id } of journal.earlier()) earlier.push(customer_id);
  for (let n = earlier.length; n < upTo; n++) await journal.append(decision(n));
  await (upTo === 5 ? journal.finish() : journal.suspend());
  return earlier;
}

const decisions = () => readFileSync(join(folder, "decisions.jsonl"), "utf8");
const FIVE = [0, 1, 2, 3, 4].map((n) => `${JSON.stringify(decision(n))}\n`).join("");

describe("the journal of a run", () => {
  it("goes on after an interruption and ends as an undisturbed run would", async () => {
    expect(await run("a", 2)).toEqual([]);
    expect(() => decisions()).toThrow();
    expect(await run("a", 5)).toEqual(["0", "1"]);
    expect(decisions()).toBe(FIVE);
  });

  it("decides anew after a finished run: consent may have ended since", async () => {
    await run("a", 5);
    expect(await run("a", 5)).toEqual([]);
    expect(decisions()).toBe(FIVE);
  });

  it("starts anew when anything that matters has changed", async () => {
    await run("a", 3);
    expect(await run("b", 5)).toEqual([]);
    expect(decisions()).toBe(FIVE);
  });

  it.each(['{"customer_id":"2"}', '{"customer_id":', "\u0000\u0000", '{"n"\n{"customer_id":"3"}\n'])(
    "drops the torn end %j",
    async (torn) => {
      await run("a", 2);
      appendFileSync(join(folder, ".decisions.partial.jsonl"), torn);
      expect(await run("a", 5)).toEqual(["0", "1"]);
      expect(decisions()).toBe(FIVE);
    },
  );

  it("starts anew when creatives were cleared away meanwhile", async () => {
    await run("a", 4);
    rmSync(join(folder, "creatives", "1.jpg"));
    expect(await run("a", 5)).toEqual([]);
  });

  it("says when it cannot write", async () => {
    writeFileSync(join(folder, "file"), "");
    await expect(openJournal({ out: join(folder, "file", "out"), fingerprint: "a" })).rejects.toMatchObject({
      code: "ERR_OUTPUT_UNWRITABLE",
    });
  });
});
