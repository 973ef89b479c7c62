import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openNetwork } from "../../../src/customers/network/open.ts";
import type { NetworkOptions } from "../../../src/customers/network/types.ts";
import { createVault } from "../../../src/trust/vault.ts";
import { failure, scratchFolder } from "../scratch.ts";
import { type Call, callLog, messageLog, talk } from "./world.ts";

const folder = scratchFolder();
let files = 0;

async function open(calls: readonly Call[], people: readonly string[], over: Partial<NetworkOptions> = {}) {
  files++;
  const source = callLog(folder, `calls-${files}.csv`, calls);
  const network = await openNetwork({ calls: { source }, people, resources: { threads: 1 }, ...over });
  onTestFinished(() => network.close());
  return network;
}

describe("ties", () => {
  it("count days, calls, messages, seconds and the smaller direction", async () => {
    const messages = {
      source: messageLog(folder, "messages.csv", [
        ["a", "b", 0],
        ["b", "a", 3],
      ]),
    };
    const calls: Call[] = [["a", "b", 0], ["a", "b", 0, 11], ["b", "a", 1], ...talk("a", "c", 5)];
    const { ties, reading } = await open(calls, ["a", "b", "c"], { messages });
    const [first, second] = await ties("a");
    expect(first).toMatchObject({
      contact: "b",
      days: 3,
      calls: 3,
      messages: 2,
      seconds: 180,
      leastDirection: 2,
    });
    expect(second).toMatchObject({ contact: "c", days: 1, calls: 2, messages: 0, leastDirection: 1 });
    expect((first?.share ?? 0) + (second?.share ?? 0)).toBeCloseTo(1, 12);
    // days^0.6 x events^0.4, over the fourth root of both people's sums.
    const [ab, ac] = [3 ** 0.6 * 5 ** 0.4, 2 ** 0.4];
    expect(first?.strength).toBeCloseTo(ab / ((ab + ac) * ab) ** 0.25, 10);
    expect(second?.strength).toBeCloseTo(ac / ((ab + ac) * ac) ** 0.25, 10);
    expect(reading).toMatchObject({ read: 7, used: 7, people: 3, hubs: 0 });
  });

  it("are mutual by default, and one-sided where that is asked for", async () => {
    const calls: Call[] = [["a", "b", 0], ["a", "b", 1], ...talk("a", "c", 2)];
    const mutual = await open(calls, ["a", "b", "c"]);
    expect((await mutual.ties("a")).map(({ contact }) => contact)).toEqual(["c"]);
    const any = await open(calls, ["a", "b", "c"], { isMutual: false });
    expect((await any.ties("a")).map(({ contact }) => contact)).toEqual(["b", "c"]);
  });

  it("halve every month", async () => {
    const network = await open([...talk("a", "b", 0, 1), ...talk("a", "c", 30)], ["a", "b", "c"]);
    const days = Object.fromEntries((await network.ties("a")).map(({ contact, days }) => [contact, days]));
    expect(days).toEqual({ b: 1, c: 1 });
  });

  it("overlap by the contacts that both have", async () => {
    const pairs = ["ab", "ac", "bc", "ad", "be"].flatMap(([a = "", b = ""]) => talk(a, b, 0));
    const network = await open(pairs, [..."abcde"]);
    const of = async (a: string, b: string) =>
      (await network.ties(a)).find(({ contact }) => contact === b)?.overlap;
    expect(await of("a", "b")).toBeCloseTo(1 / 3, 12);
    expect(await of("a", "c")).toBeCloseTo(1 / 2, 12);
    expect(await of("a", "d")).toBe(0);
  });

  it("leave out hubs, oneself, short codes and unreadable times, and count them", async () => {
    const people = Array.from({ length: 200 }, (_, i) => `+3160000${String(i).padStart(4, "0")}`);
    const [hub = "", a = "", b = "", ...rest] = people;
    const calls: Call[] = [
      ...rest.slice(0, 151).flatMap((other) => talk(hub, other, 1)),
      ...talk(a, b, 2),
      [a, a, 2],
      [a, "1233", 2],
      ["*86", a, 2],
    ];
    const network = await open(calls, people);
    expect(await network.ties(hub)).toEqual([]);
    expect(await network.ties(a)).toHaveLength(1);
    expect(network.reading).toMatchObject({ hubs: 1, dropped: { self: 1, service: 2, noConsent: 0 } });
    // Where people's own ids are short, none of them is a service.
    expect((await open(talk("7", "9", 0), ["7", "9"])).reading.used).toBe(2);
  });

  it("know people by every spelling of their ids", async () => {
    const network = await open(
      [
        ["a\u00a0", "Jose\u0301", 0],
        ["Jos\u00e9 ", " a", 1],
      ],
      ["a", "Jos\u00e9"],
    );
    expect(await network.ties("a")).toMatchObject([{ contact: "Jos\u00e9", days: 2, calls: 2 }]);
    // Ids that are numbers keep their zeros apart.
    const numbers = await open(
      [
        ["7", "8", 0],
        ["8", "7", 0],
      ],
      ["007", "8"],
    );
    expect(numbers.reading).toMatchObject({ used: 0, dropped: { noConsent: 2 } });
  });

  it("count each record once where a log was joined twice", async () => {
    const calls = talk("a", "b", 0, 1, 2);
    const twice = await open([...calls, ...calls], ["a", "b"]);
    expect(await twice.ties("a")).toMatchObject([{ days: 3, calls: 6 }]);
  });

  it("keep to a window", async () => {
    const calls = [...talk("a", "b", 0), ...talk("a", "c", 10)];
    const early = await open(calls, ["a", "b", "c"], { before: new Date("2026-01-05") });
    expect((await early.ties("a")).map(({ contact }) => contact)).toEqual(["b"]);
    const late = await open(calls, ["a", "b", "c"], { from: new Date("2026-01-05") });
    expect((await late.ties("a")).map(({ contact }) => contact)).toEqual(["c"]);
    expect(late.reading.dropped.outside).toBe(2);
  });

  it("need a source, and stop when they are asked to", async () => {
    expect((await failure(openNetwork({ people: ["a"] }))).code).toBe("ERR_OPTION_INVALID");
    const signal = AbortSignal.abort();
    expect((await failure(open(talk("a", "b", 0), ["a", "b"], { signal }))).code).toBe("ERR_ABORTED");
  });
});

/** Without the lock that writers take. */
const namesIn = (path: string) => readdirSync(path).filter((name) => !name.startsWith("."));

describe("consent of both ends", () => {
  it("is needed for a tie, from either side: others are counted and stored nowhere", async () => {
    const calls = [...talk("a", "b", 0), ...talk("a", "secret-1", 0, 1), ...talk("secret-2", "b", 1)];
    const network = await open(calls, ["a", "b"]);
    expect(network.reading).toMatchObject({ read: 8, used: 2, dropped: { noConsent: 6 } });
    expect((await network.ties("a")).map(({ contact }) => contact)).toEqual(["b"]);
    expect(await network.ties("secret-1")).toEqual([]);
    const tables = await network.database.all("SELECT table_name FROM duckdb_tables()");
    expect(tables.length).toBeGreaterThan(3);
    for (const { table_name } of tables) {
      const rows = await network.database.all(`SELECT * FROM ${table_name}`);
      expect(JSON.stringify(rows)).not.toContain("secret");
    }
  });

  it("keeps no month of those who do not consent, and forgets kept ones of those who no longer do", async () => {
    const kept = { folder: join(folder, "kept"), vault: null };
    const january = [...talk("a", "b", 0, 1), ...talk("a", "c", 2), ...talk("a", "secret", 3)];
    const february = talk("a", "b", 30);
    await open([...january, ...february], ["a", "b", "c"], { kept });
    expect(namesIn(kept.folder)).toEqual(["2026-01.parquet"]);
    expect(readFileSync(join(kept.folder, "2026-01.parquet")).toString("latin1")).not.toContain("secret");
    // Next month only the new file is given.
    const next = await open(february, ["a", "b", "c"], { kept });
    expect(await next.ties("a")).toMatchObject([
      { contact: "b", days: 2, calls: 6 },
      { contact: "c", days: 0.5, calls: 2 },
    ]);
    const withdrawn = await open(february, ["a", "b"], { kept });
    expect((await withdrawn.ties("a")).map(({ contact }) => contact)).toEqual(["b"]);
    // Their rows are gone from the file, not only from the answer.
    const back = await open(february, ["a", "b", "c"], { kept });
    expect((await back.ties("a")).map(({ contact }) => contact)).toEqual(["b"]);
  });

  it("seals kept months with the key, and reads them with no other", async () => {
    const kept = { folder: join(folder, "sealed"), vault: createVault(Buffer.alloc(32, 1)) };
    const calls = [...talk("alice", "bob", 0), ...talk("alice", "bob", 30)];
    await open(calls, ["alice", "bob"], { kept });
    expect(namesIn(kept.folder)).toEqual(["2026-01.sealed"]);
    expect(readFileSync(join(kept.folder, "2026-01.sealed")).toString("latin1")).not.toContain("alice");
    const again = await open(talk("alice", "bob", 31), ["alice", "bob"], { kept });
    expect(await again.ties("alice")).toMatchObject([{ days: 1.5 }]);
    const noKey = open(talk("alice", "bob", 31), ["alice", "bob"], { kept: { ...kept, vault: null } });
    expect((await failure(noKey)).code).toBe("ERR_KEY_REQUIRED");
  });
});

describe("a report", () => {
  it("counts, and names nobody", async () => {
    const people = Array.from({ length: 12 }, (_, i) => `person-${i}`);
    const ring = people.flatMap((a, i) => talk(a, people[(i + 1) % 12] ?? "", 0, 29));
    const network = await open([...ring, ["person-0", "person-5", 30]], people);
    const report = await network.report();
    expect(report).toMatchObject({
      people: 12,
      ties: 12,
      degrees: { mean: 2, median: 2, most: 2, bins: [{ from: 2, to: 2, people: 12 }] },
      overlap: 0,
      stability: [{ month: "2026-02", pairs: 13, lasting: 1, sameStrongest: 1 }],
    });
    expect(report.reciprocity).toBeCloseTo(12 / 13, 12);
    expect(JSON.stringify(report)).not.toContain("person");
  });

  it("leaves out groups of fewer than five people", async () => {
    const report = await (await open([...talk("a", "b", 0), ...talk("a", "c", 0)], ["a", "b", "c"])).report();
    expect(report.degrees.bins).toEqual([]);
  });
});
