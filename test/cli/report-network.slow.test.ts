import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openNetwork, rekeyNetwork } from "../../src/customers/index.ts";
import { createVault } from "../../src/trust/index.ts";
import { folderOfFile } from "../temporary.ts";
import { lookalike } from "./capture.ts";

const folder = folderOfFile();
const at = (name: string) => join(folder, name);

const PEOPLE = ["ann", "bob", "cid", "dot", "eve", "fay"];

beforeAll(async () => {
  const pairs = PEOPLE.flatMap((a, i) => [
    [a, PEOPLE[(i + 1) % 6]],
    [PEOPLE[(i + 1) % 6], a],
    [a, "zoe"],
  ]);
  const rows = pairs.flatMap(([a, b]) => [`${a},${b},2026-01-05 10:00,60`, `${a},${b},2026-02-05 10:00,60`]);
  writeFileSync(at("calls.csv"), ["caller_id,callee_id,started_at,duration_s", ...rows, ""].join("\n"));
  writeFileSync(at("messages.csv"), "sender_id,recipient_id,sent_at\nann,bob,2026-02-06 09:00\n");
  const consents = PEOPLE.map((id) => `${id},network,v1,2026-01-01,written,NL`);
  writeFileSync(
    at("consents.csv"),
    ["customer_id,purpose,notice_version,given_at,method,jurisdiction", ...consents, ""].join("\n"),
  );
  const imported = await lookalike("consent", "import", at("consents.csv"), "--privacy", at("privacy"));
  expect(imported.status, imported.stderr).toBe(0);
}, 120_000);

const report = (...flags: string[]) =>
  lookalike("report", "network", "--calls", at("calls.csv"), "--privacy", at("privacy"), ...flags);

describe("report network", () => {
  it("counts ties of those who consent, as text, JSON and a page without a name", async () => {
    const made = await report("--messages", at("messages.csv"), "--html", at("page.html"), "--json");
    expect(made.status, made.stderr).toBe(0);
    const found = JSON.parse(made.stdout);
    expect(found).toMatchObject({
      people: 6,
      ties: 6,
      reciprocity: 1,
      reading: { read: 37, used: 25, people: 6, dropped: { no_consent: 12 } },
      stability: [{ month: "2026-02", lasting: 1 }],
    });
    const page = readFileSync(at("page.html"), "utf8");
    expect(page).toContain("6 ties between 6 people");
    for (const text of [made.stdout, made.stderr, page]) {
      for (const name of [...PEOPLE, "zoe"]) expect(text).not.toMatch(new RegExp(`\\b${name}\\b`));
    }
    expect((await report()).stderr).toMatch(/Ties +6/);
  });

  it("forgets the kept months of people who withdraw, and does not read them for others", async () => {
    await report("--keep");
    const names = readdirSync(join(at("privacy"), "network")).filter((name) => !name.startsWith("."));
    expect(names).toEqual(["2026-01.parquet"]);
    const withdrawn = await lookalike(
      "consent",
      "withdraw",
      "ann",
      "--privacy",
      at("privacy"),
      "--purpose",
      "network",
    );
    expect(withdrawn.status, withdrawn.stderr).toBe(0);
    const kept = readFileSync(join(at("privacy"), "network", "2026-01.parquet")).toString("latin1");
    expect(kept).not.toContain("ann");
    expect(kept).toContain("bob");
    expect(JSON.parse((await report("--keep", "--json")).stdout)).toMatchObject({ people: 5, ties: 4 });
  });

  const kept = (month = "2026-01") =>
    readFileSync(join(at("privacy"), "network", `${month}.parquet`)).toString("latin1");
  const grant = async (...rows: string[]) => {
    const head = "customer_id,purpose,notice_version,given_at,method,jurisdiction,withdrawn_at";
    writeFileSync(at("more.csv"), [head, ...rows, ""].join("\n"));
    return lookalike("consent", "import", at("more.csv"), "--privacy", at("privacy"));
  };

  it("forgets people whose withdrawals are imported, also several at once", async () => {
    await report("--keep");
    expect(kept()).toContain("bob");
    const imported = await grant("bob,network,v1,2026-01-01,written,NL,2026-06-01");
    expect(imported.status, imported.stderr).toBe(0);
    expect(kept()).not.toContain("bob");
    expect(kept()).toContain("fay");
    const ends = ["eve", "dot"].map((id) => lookalike("consent", "withdraw", id, "--privacy", at("privacy")));
    for (const { status, stderr } of await Promise.all(ends)) expect(status, stderr).toBe(0);
    for (const id of ["eve", "dot"]) expect(kept()).not.toContain(id);
  });

  it("writes no month with people who withdraw while the logs are read", async () => {
    const people = ["gus", "hal", "ida"];
    const folder = at("race");
    const pairs = [
      ["gus", "hal"],
      ["hal", "gus"],
      ["hal", "ida"],
      ["ida", "hal"],
    ];
    const rows = pairs.flatMap(([a, b]) => [
      `${a},${b},2026-01-05 10:00,60`,
      `${a},${b},2026-02-05 10:00,60`,
    ]);
    writeFileSync(at("race.csv"), ["caller_id,callee_id,started_at,duration_s", ...rows, ""].join("\n"));
    const network = await openNetwork({
      calls: { source: at("race.csv") },
      people,
      kept: { folder, vault: null, consenting: (ids) => ids.filter((id) => id !== "gus") },
    });
    await network.close();
    const written = readFileSync(join(folder, "2026-01.parquet")).toString("latin1");
    expect(written).toContain("hal");
    expect(written).not.toContain("gus");
  });

  it("seals kept months under a new key, changes the key and removes it", async () => {
    const [one, two] = [createVault(Buffer.alloc(32, 1)), createVault(Buffer.alloc(32, 2))];
    const folder = at("race");
    const names = () => readdirSync(folder).filter((name) => !name.startsWith("."));
    const clear = readFileSync(join(folder, "2026-01.parquet"));
    for (const [from, to, name] of [
      [null, one, "2026-01.sealed"],
      [one, two, "2026-01.sealed"],
      [two, null, "2026-01.parquet"],
    ] as const) {
      expect(await rekeyNetwork({ folder, from, to })).toEqual([join(folder, name)]);
      // As after a kill: what is under the new key is passed over.
      expect(await rekeyNetwork({ folder, from, to })).toEqual([]);
      expect(names()).toEqual([name]);
    }
    expect(readFileSync(join(folder, "2026-01.parquet"))).toEqual(clear);
    await rekeyNetwork({ folder, from: null, to: one });
    await expect(rekeyNetwork({ folder, from: two, to: null })).rejects.toMatchObject({
      code: "ERR_KEY_WRONG",
    });
  });

  it("needs a registry, and a log", async () => {
    const lost = await lookalike("report", "network", "--calls", at("calls.csv"), "--privacy", at("nowhere"));
    expect(lost).toMatchObject({ status: 2, stderr: expect.stringMatching(/ERR_OPTION_INVALID/) });
    const none = await lookalike("report", "network", "--privacy", at("privacy"));
    expect(none).toMatchObject({ status: 2, stderr: expect.stringMatching(/calls or messages/) });
  });
});
