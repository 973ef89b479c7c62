import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { SAMPLES } from "./fixtures.ts";

const [SAMPLE] = SAMPLES;
const SRC = resolve(import.meta.dirname, "../../src/faces/index.ts");

/** ONNX Runtime's reports to its makers begin with an identifier and a queue below the home folder. */
it("computing a face leaves nothing behind that reports of it", () => {
  const home = mkdtempSync(join(tmpdir(), "lookalike-home-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const code = `
    const { createFaceEngine } = await import(${JSON.stringify(SRC)});
    const engine = await createFaceEngine({ jobs: 2, attributes: false });
    const { faces } = await engine.describe(${JSON.stringify(SAMPLE)});
    if (faces.length === 0) throw new Error("no face was computed");
    await engine.close();
    console.log(process.env.ORT_DISABLE_TELEMETRY);`;
  const env = { PATH: process.env.PATH, HOME: home, TMPDIR: tmpdir() };
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "-e", code],
    { env, encoding: "utf8", cwd: resolve(import.meta.dirname, "../..") },
  );
  expect(stdout.trim(), stderr).toBe("1");
  expect(readdirSync(home, { recursive: true })).toEqual([]);
});
