import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { defaultMetric, partsOf } from "../../src/faces/index.ts";
import { createQuestioner, type Judgement, readJudgements } from "../../src/learning/index.ts";
import { createJudgeSession, startJudge } from "../../src/service/index.ts";
import { drawPeople } from "../learning/resemblance/world.ts";

interface Asked {
  readonly question: { readonly left: string };
  readonly done: number;
  readonly total: number;
}

const features = drawPeople(20, 1);
const photos = [...features.keys()];
const base = defaultMetric(partsOf("features-2+traits+look-x"));

function questionsOf(seed: number) {
  return createQuestioner({ probes: photos.slice(0, 5), photos, features, base, seed });
}

async function setUp(total: number) {
  const folder = await mkdtemp(join(tmpdir(), "lookalike-judge-"));
  const path = join(folder, "judgements.jsonl");
  const session = createJudgeSession({
    questioner: questionsOf(1),
    rater: "anna",
    total,
    path,
    now: () => new Date("2026-11-26T12:00:00Z"),
  });
  const photo = async (hash: string) => (features.has(hash) ? Buffer.from("jpeg") : null);
  const server = await startJudge({ session, photo });
  onTestFinished(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const first = await fetch(server.url, { redirect: "manual" });
  const cookie = first.headers.get("set-cookie")?.split(";")[0] ?? "";
  const call = (route: string, init: RequestInit = {}) =>
    fetch(new URL(route, server.url), { ...init, headers: { cookie, ...init.headers } });
  const answer = async (value: string) =>
    (await call("/answer", { method: "POST", body: JSON.stringify({ answer: value }) })).json();
  return { path, server, call, answer, first };
}

describe("questions", () => {
  it("are of three different photos, with repeats and catch trials among them", () => {
    const questioner = questionsOf(3);
    const asked = Array.from({ length: 100 }, () => questioner.next());
    const kinds = (kind: string) => asked.filter((question) => question.kind === kind);
    expect(kinds("catch")).toHaveLength(4);
    expect(kinds("repeat").length).toBeGreaterThanOrEqual(7);
    for (const { probe, left, right } of kinds("question"))
      expect(new Set([probe, left, right]).size).toBe(3);
    for (const { probe, left, right } of kinds("catch")) expect([left, right]).toContain(probe);
    for (const { probe, left, right } of kinds("repeat"))
      expect(asked).toContainEqual({ probe, left: right, right: left, kind: "question" });
  });
});

describe("an answer that is undone", () => {
  it("leaves the choice of questions as it was", () => {
    const chosen = (change: (questioner: ReturnType<typeof questionsOf>, answer: Judgement) => void) => {
      const questioner = questionsOf(3);
      const answers = Array.from(
        { length: 8 },
        (): Judgement => ({ ...questioner.next(), rater: "a", answer: "left", at: "2026-11-26T12:00:00Z" }),
      );
      for (const answer of answers) change(questioner, answer);
      return Array.from({ length: 8 }, () => questioner.next());
    };
    const learned = chosen((questioner, answer) => questioner.learn(answer));
    const undone = chosen((questioner, answer) => {
      questioner.learn(answer);
      questioner.unlearn(answer);
    });
    expect(undone).toEqual(chosen(() => {}));
    expect(undone).not.toEqual(learned);
  });
});

describe("the judge's page", () => {
  it("appends an answer a line, takes one back, and finishes", async () => {
    const { path, server, call, answer } = await setUp(3);
    const { question, done, total } = (await (await call("/question")).json()) as Asked;
    expect([done, total]).toEqual([0, 3]);
    expect(await (await call(`/photo/${question.left}`)).text()).toBe("jpeg");
    expect((await call(`/photo/${"0".repeat(64)}`)).status).toBe(404);
    expect(await answer("left")).toMatchObject({ done: 1 });
    expect(await answer("skip")).toMatchObject({ done: 2 });
    const back = await (await call("/undo", { method: "POST" })).json();
    expect(back).toMatchObject({ done: 1 });
    expect((await readFile(path, "utf8")).trim().split("\n")).toHaveLength(1);
    await answer("right");
    expect(await answer("right")).toMatchObject({ done: 3, question: null });
    await server.finished;
    const { judgements, rejected } = await readJudgements(path);
    expect(rejected).toEqual([]);
    expect(judgements.map((judgement) => judgement.answer)).toEqual(["left", "right", "right"]);
    expect(judgements[0]).toMatchObject({ ...question, rater: "anna", at: "2026-11-26T12:00:00.000Z" });
    expect((await call("/answer", { method: "POST", body: '{"answer":"both"}' })).status).toBe(400);
  });

  it("ends a line that was left half-written, and takes back no answer of another rater", async () => {
    const { path, call, answer } = await setUp(3);
    await writeFile(path, '{"rater":"bert","probe":"ab');
    await answer("left");
    const [half, own = ""] = (await readFile(path, "utf8")).split("\n");
    expect(half).toBe('{"rater":"bert","probe":"ab');
    expect(JSON.parse(own)).toMatchObject({ rater: "anna" });
    const { judgements, rejected } = await readJudgements(path);
    expect([judgements.length, rejected]).toEqual([1, [1]]);
    await appendFile(path, `${own.replace("anna", "cora")}\n`);
    const refused = await call("/undo", { method: "POST" });
    expect([refused.status, await refused.text()]).toEqual([
      500,
      expect.stringContaining("answers were added by another process"),
    ]);
    expect((await readJudgements(path)).judgements.map(({ rater }) => rater)).toEqual(["anna", "cora"]);
  });

  it("says that its port is taken", async () => {
    const { server } = await setUp(1);
    const port = Number(new URL(server.url).port);
    const session = createJudgeSession({
      ...{
        questioner: questionsOf(1),
        rater: "anna",
        total: 1,
        path: "unused.jsonl",
        now: () => new Date(0),
      },
    });
    await expect(startJudge({ session, photo: async () => null, port })).rejects.toMatchObject({
      code: "ERR_OPTION_INVALID",
      message: expect.stringContaining("another process uses the port"),
    });
  });

  it("opens once by its address, then by its cookie alone, and to no other site", async () => {
    const { server, call, first } = await setUp(2);
    expect(first.status).toBe(303);
    expect(first.headers.get("set-cookie")).toContain("HttpOnly; SameSite=Strict");
    expect((await fetch(server.url, { redirect: "manual" })).status).toBe(403);
    expect((await fetch(new URL("/question", server.url))).status).toBe(403);
    expect((await call("/question", { headers: { origin: "https://example.com" } })).status).toBe(403);
    expect((await call("/review/assets/..%2findex.html")).status).toBe(404);
  });
});
