import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { built } from "../built.ts";
import { SAMPLES } from "./fixtures.ts";

const [SAMPLE] = SAMPLES;

/** ONNX Runtime's reports to its makers begin with an identifier and a queue below the home folder. */
it("computing a face leaves nothing behind that reports of it", async () => {
  const door = pathToFileURL(await built("faces/index.js")).href;
  const home = mkdtempSync(join(tmpdir(), "lookalike-home-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const code = `
    const { createFaceEngine } = await import(${JSON.stringify(door)});
    const engine = await createFaceEngine({ jobs: 1, attributes: false, look: false });
    const { faces } = await engine.describe(${JSON.stringify(SAMPLE)});
    if (faces.length === 0) throw new Error("no face was computed");
    await engine.close();
    console.log(process.env.ORT_DISABLE_TELEMETRY);`;
  const env = { PATH: process.env.PATH, HOME: home, TMPDIR: tmpdir() };
  const options = { env, encoding: "utf8" } as const;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], options);
  expect(stdout.trim(), stderr).toBe("1");
  expect(readdirSync(home, { recursive: true })).toEqual([]);
});
