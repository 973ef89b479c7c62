import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Decision, dropCutLine, openDecisionLog, readDecisions } from "../../src/handover/index.ts";
import { createVault, type Vault } from "../../src/trust/index.ts";

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

async function all(path: string, vault: Vault | null = null): Promise<string[]> {
  const ids: string[] = [];
  for await (const { customer_id } of readDecisions(path, vault)) ids.push(customer_id);
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

describe("readDecisions", () => {
  const vault = createVault(Buffer.alloc(32, 3));
  const linesOf = async (name: string, ids: readonly string[]) => {
    const path = join(folder, name);
    const log = await openDecisionLog({ path, fingerprint: name, vault });
    for (const id of ids) await log.write(decision(id));
    await log.end();
    await log.close();
    return (await readFile(path, "utf8")).trim().split("\n");
  };

  it("accepts neither an end mark nor a line of another run under the same key", async () => {
    const long = await linesOf("long.jsonl", ["a", "b", "c"]);
    const short = await linesOf("short.jsonl", ["x", "y"]);
    const path = join(folder, "decisions.jsonl");
    const read = async (lines: readonly (string | undefined)[]) => {
      await writeFile(path, lines.map((line) => `${line}\n`).join(""));
      return all(path, vault);
    };
    expect(await read(long)).toEqual(["a", "b", "c"]);
    for (const mixed of [
      [long[0], long[1], short[2]],
      [long[0], short[1], long[2], long[3]],
      [short[0], short[1], long[2], long[3]],
    ]) {
      await expect(read(mixed)).rejects.toMatchObject({ code: "ERR_KEY_WRONG" });
    }
    for (const extended of [[...short, long[2]], [...short, "", long[2], ""], short.slice(0, -1), []]) {
      await expect(read(extended)).rejects.toMatchObject({ code: "ERR_RUN_UNREADABLE" });
    }
    await expect(read([...short, long[2], long[3]])).rejects.toMatchObject({ code: "ERR_KEY_WRONG" });
  });

  it.each([null, vault])("skips the cut line of a killed run only, %#", async (own) => {
    const path = join(folder, ".decisions.partial.jsonl");
    const log = await openDecisionLog({ path, fingerprint: "a", vault: own });
    for (const id of ["a", "b"]) await log.write(decision(id));
    await log.close();
    const whole = await readFile(path, "utf8");
    await writeFile(path, whole.slice(0, -9));
    expect(await all(path, own)).toEqual(["a"]);
    await dropCutLine(path);
    expect(await readFile(path, "utf8")).toBe(whole.slice(0, whole.indexOf("\n") + 1));
    await writeFile(path, `${whole.slice(0, -9)}\n`);
    await expect(all(path, own)).rejects.toThrow(/decision|line 2/);
    await dropCutLine(path);
    await dropCutLine(join(folder, "none"));
    expect(await readFile(path, "utf8")).toBe(`${whole.slice(0, -9)}\n`);
  });
});
