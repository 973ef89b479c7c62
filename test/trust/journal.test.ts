import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createAuditJournal, createVault, openAudit, readAuditJournal } from "../../src/trust/index.ts";

async function openLog() {
  const folder = await mkdtemp(join(tmpdir(), "lookalike-journal-"));
  let minutes = 0;
  const log = openAudit(join(folder, "audit.db"), {
    actor: "merger",
    now: () => new Date(Date.UTC(2026, 0, 2, 0, ++minutes)),
  });
  onTestFinished(async () => {
    log.close();
    await rm(folder, { recursive: true, force: true });
  });
  return log;
}

describe.each([
  ["in clear", null],
  ["under a key", createVault(randomBytes(32))],
])("a journal %s", (_, vault) => {
  it("is appended to the log's chain once, and what was added to it since once more", async () => {
    const log = await openLog();
    let text = "";
    const journal = createAuditJournal({
      name: "run/a",
      vault,
      actor: "worker",
      now: () => new Date("2026-01-01T12:00:00Z"),
      subjectOf: log.subjectOf,
      write: (line) => {
        text += line;
      },
    });
    log.append("run.start");
    journal.append("face.compute", { customerId: "erika" });
    journal.append("face.compute", { detail: { for: "network" } });
    expect(text).not.toContain("erika");
    expect(text.includes("face.compute")).toBe(vault === null);
    // The process was killed while it wrote a line.
    const read = (cut = "") => readAuditJournal(text + cut, { name: "run/a", vault });
    expect(log.absorb("run/a", read('{"at":"20'))).toBe(2);
    expect(log.absorb("run/a", read())).toBe(0);
    journal.append("face.compute", { customerId: " erika" });
    expect(log.absorb("run/a", read())).toBe(1);
    expect(log.absorb("run/b", [])).toBe(0);
    const entries = [...log.entries({ customerId: "erika" })];
    expect(entries.map(({ actor, detail }) => [actor, detail])).toEqual([
      ["worker", { done_at: "2026-01-01T12:00:00.000Z" }],
      ["worker", { done_at: "2026-01-01T12:00:00.000Z" }],
    ]);
    expect([...log.entries({ action: "journal" })].map(({ detail }) => detail)).toEqual([
      { name: "run/a", entries: 2 },
      { name: "run/a", entries: 1 },
    ]);
    expect(log.verify()).toMatchObject({ status: "intact", entries: 6, clockSteps: 0 });
  });
});

it("a journal under a key opens under its own name only, and not where lines were exchanged", () => {
  const vault = createVault(randomBytes(32));
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const journal = createAuditJournal({
    ...{ name: "run/a", vault, actor: "worker", now: () => new Date(0) },
    subjectOf: () => null,
    write,
  });
  journal.append("index");
  journal.append("train");
  const wrong = expect.objectContaining({ code: "ERR_KEY_WRONG" });
  expect(() => readAuditJournal(lines.join(""), { name: "run/b", vault })).toThrow(wrong);
  expect(() => readAuditJournal(lines.toReversed().join(""), { name: "run/a", vault })).toThrow(wrong);
});
