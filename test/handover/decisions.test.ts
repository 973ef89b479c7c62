import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Decision, openDecisionLog, readDecisions } from "../../src/handover/index.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lookalike-log-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function decision(id: string): Decision {
  return {
    customer_id: id,
    offer: { id: "none", basis: null, uplift: null, lift: null, expected_value: null },
    photo: null,
    copy: null,
    creatives: [],
    models: { offers: "lift 1" },
  };
}

async function all(path: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { customer_id } of readDecisions(path)) ids.push(customer_id);
  return ids;
}

describe("openDecisionLog", () => {
  it("appends in order and goes on behind the last whole line of a killed run", async () => {
    const path = join(folder, "out", "decisions.jsonl");
    const log = await openDecisionLog({ path, fingerprint: "a" });
    expect(log).toMatchObject({ kept: 0, lastCustomerId: null });
    for (let i = 0; i < 2500; i++) await log.write(decision(`Zoë ${i}`));
    await log.close();
    await appendFile(path, '{"customer_id":"half a li');

    const again = await openDecisionLog({ path, fingerprint: "a" });
    expect(again).toMatchObject({ kept: 2500, lastCustomerId: "Zoë 2499" });
    await again.write(decision("next"));
    await again.close();
    const ids = await all(path);
    expect(ids).toHaveLength(2501);
    expect(ids.slice(-2)).toEqual(["Zoë 2499", "next"]);
  });

  it("starts anew when what decides has changed", async () => {
    const path = join(folder, "decisions.jsonl");
    const log = await openDecisionLog({ path, fingerprint: "a" });
    await log.write(decision("1"));
    await log.close();
    const other = await openDecisionLog({ path, fingerprint: "b" });
    expect(other.kept).toBe(0);
    await other.close();
    expect(await readFile(path, "utf8")).toBe("");
  });

  it("refuses a place that cannot be written", async () => {
    const path = join(folder, "decisions.jsonl", "decisions.jsonl");
    await (await openDecisionLog({ path: join(folder, "decisions.jsonl"), fingerprint: "a" })).close();
    await expect(openDecisionLog({ path, fingerprint: "a" })).rejects.toMatchObject({
      code: "ERR_OUTPUT_UNWRITABLE",
    });
  });
});
