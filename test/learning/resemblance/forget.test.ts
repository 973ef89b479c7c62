import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { forgetInJudgements } from "../../../src/learning/index.ts";

const [A, B, C, D] = ["a", "b", "c", "d"].map((letter) => letter.repeat(64)) as [
  string,
  string,
  string,
  string,
];

it("answers about an erased photo go, from any of its places and from broken lines, and the others stay", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lookalike-forget-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "judgements.jsonl");
  const line = (probe: string, left: string, right: string) =>
    JSON.stringify({
      rater: "anna",
      probe,
      left,
      right,
      answer: "left",
      kind: "question",
      at: "2026-11-26T12:00:00Z",
    });
  const kept = [line(A, B, C), "{half"];
  await writeFile(
    path,
    [line(D, A, B), kept[0], line(A, D, B), line(A, B, D), kept[1], `{"probe":"${D}`, ""].join("\n"),
  );
  expect(await forgetInJudgements(path, new Set([D]))).toBe(4);
  expect(await readFile(path, "utf8")).toBe([...kept, ""].join("\n"));
  expect(await forgetInJudgements(path, new Set([D]))).toBe(0);
});
