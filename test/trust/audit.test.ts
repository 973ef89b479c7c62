import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openSqlite } from "../../src/io/sqlite/index.ts";
import { type AuditOptions, openAudit } from "../../src/trust/audit/log.ts";
import { createVault } from "../../src/trust/vault.ts";

const names = { what: "", corrupt: "ERR_STORE_CORRUPT", busy: "ERR_STORE_BUSY", corruptHint: "" } as const;

async function openLog(options: Partial<AuditOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "lookalike-audit-"));
  const path = join(folder, "audit.db");
  let seconds = 0;
  const log = openAudit(path, {
    actor: "officer",
    now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, ++seconds)),
    ...options,
  });
  onTestFinished(async () => {
    log.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { log, path };
}

async function filledLog(options: Partial<AuditOptions> = {}) {
  const opened = await openLog(options);
  opened.log.append("run.start", { detail: { campaign: "spring" } });
  for (let i = 0; i < 20; i++) opened.log.append("face.compute", { customerId: `erika-${i % 5}` });
  return opened;
}

function tamper(path: string, sql: string): void {
  const database = openSqlite(path, { names });
  database.exec(sql);
  database.close();
}

describe("the audit log", () => {
  it("is intact after honest use, finds a person's entries, and names nobody", async () => {
    const { log, path } = await filledLog();
    expect(log.verify()).toMatchObject({ status: "intact", entries: 21, clockSteps: 0 });
    const [first, ...rest] = [...log.entries({ customerId: "erika-3" })];
    expect(rest).toHaveLength(3);
    expect(first).toMatchObject({ action: "face.compute", actor: "officer", detail: {} });
    expect([...log.entries({ customerId: "erika-9" })]).toEqual([]);
    for (const ending of ["", "-wal"]) {
      expect((await readFile(path + ending)).includes("erika")).toBe(false);
    }
  });

  it.each([
    ["a changed actor", "UPDATE entries SET actor = 'nobody' WHERE seq = 7", "changed", 7],
    ["a changed time", "UPDATE entries SET at = at + 1 WHERE seq = 21", "changed", 21],
    ["a changed detail", "UPDATE entries SET detail = '{oops' WHERE seq = 1", "changed", 1],
    ["an entry taken out", "DELETE FROM entries WHERE seq = 9", "gap", 9],
    ["the first taken out", "DELETE FROM entries WHERE seq = 1", "gap", 1],
    ["the end cut off", "DELETE FROM entries WHERE seq > 15", "truncated", 16],
    ["everything cut off", "DELETE FROM entries", "truncated", 1],
    [
      "an end cut off with its head moved",
      "DELETE FROM entries WHERE seq > 15; UPDATE state SET head_seq = 15, head_hash = (SELECT hash FROM entries WHERE seq = 15)",
      "head",
      15,
    ],
    [
      "a start cut off with the start moved",
      "UPDATE state SET start_seq = 3, start_hash = (SELECT hash FROM entries WHERE seq = 3); DELETE FROM entries WHERE seq <= 3",
      "head",
      3,
    ],
    [
      "two entries exchanged",
      "UPDATE entries SET seq = 99 WHERE seq = 4; UPDATE entries SET seq = 4 WHERE seq = 5; UPDATE entries SET seq = 5 WHERE seq = 99",
      "changed",
      4,
    ],
    [
      "one put in",
      "INSERT INTO entries SELECT 22, at, actor, action, subject, detail, hash FROM entries WHERE seq = 21",
      "changed",
      22,
    ],
  ])("shows %s", async (_, sql, problem, seq) => {
    const { log, path } = await filledLog();
    tamper(path, sql);
    expect(log.verify()).toEqual({ status: "broken", problem, seq });
  });

  it("shows that an old copy was put back, to whoever noted the head", async () => {
    const { log } = await filledLog();
    const noted = log.head();
    log.append("purge");
    expect(log.verify(noted).status).toBe("intact");
    expect(log.verify({ seq: 40, hash: noted.hash })).toMatchObject({
      status: "broken",
      problem: "replaced",
    });
    expect(log.verify({ seq: noted.seq, hash: "0".repeat(64) })).toMatchObject({ problem: "replaced" });
  });

  it("keeps one chain when two writers take turns", async () => {
    const { log, path } = await openLog();
    const other = openAudit(path, { actor: "job" });
    for (let i = 0; i < 10; i++) (i % 2 ? log : other).append("index");
    other.close();
    expect(log.verify()).toMatchObject({ status: "intact", entries: 10 });
  });

  it("stays intact when the clock is set back, and says so", async () => {
    const times = [3000, 1000, 2000];
    const { log } = await openLog({ now: () => new Date(times.shift() ?? 0) });
    for (let i = 0; i < 3; i++) log.append("index");
    expect(log.verify()).toMatchObject({ status: "intact", clockSteps: 1 });
  });

  it("begins later after its oldest entries were pruned, and still holds together", async () => {
    const { log } = await filledLog();
    const cut = new Date(Date.UTC(2026, 0, 1) + 5500);
    expect(log.prune(cut, { dryRun: true })).toBe(5);
    expect(log.prune(cut)).toBe(5);
    expect(log.prune(cut)).toBe(0);
    expect([...log.entries()][0]?.seq).toBe(6);
    expect(log.verify()).toMatchObject({ status: "intact", entries: 16 });
  });

  it("opens under its own key only", async () => {
    const vault = createVault(Buffer.alloc(32, 5));
    const { path } = await filledLog({ vault });
    expect(() => openAudit(path, { actor: "x" })).toThrow(
      expect.objectContaining({ code: "ERR_KEY_REQUIRED" }),
    );
    expect((await readFile(`${path}-wal`)).includes("officer")).toBe(false);
  });
});
