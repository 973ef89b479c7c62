import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/**
 * The package as users get it: packed, installed into an empty folder without any `.npmrc`, checked and run. It needs
 * the npm registry (or a full npm cache), so `npm test` leaves it out: `npm run test:package`. Each package must support the
 * Node that runs the test (`--engine-strict`).
 */
const ROOT = resolve(import.meta.dirname, "../..");
const MODULES = join(ROOT, "node_modules");
const work = mkdtempSync(join(tmpdir(), "lookalike-package-"));
const project = join(work, "project");
let tarball = "";

function run(command: string, args: readonly string[], cwd: string): string {
  // What `npm run` sets for its children would configure the npm that is called here.
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_|^ONNXRUNTIME_|^NODE_OPTIONS$/i.test(name),
  );
  const env = Object.fromEntries(kept);
  return execFileSync(command, args, { cwd, env, encoding: "utf8", maxBuffer: 1e8, stdio: "pipe" });
}

/** A copy of the repository's files, so that packing builds there and not under running tests. */
function copyRepository(to: string): void {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard"];
  for (const path of run("git", args, ROOT).trim().split("\n")) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    copyFileSync(join(ROOT, path), join(to, path));
  }
  mkdirSync(join(to, "node_modules"));
  for (const name of readdirSync(MODULES)) {
    const [from, target] = [join(MODULES, name), join(to, "node_modules", name)];
    // Packing changes the runtime that it bundles; everything else is only read.
    if (/^onnxruntime-/.test(name)) cpSync(from, target, { recursive: true });
    else if (!name.startsWith(".") || name === ".bin") symlinkSync(from, target);
  }
}

beforeAll(() => {
  const copy = join(work, "copy");
  copyRepository(copy);
  run("npm", ["pack", "--pack-destination", work], copy);
  tarball = join(work, readdirSync(work).find((name) => name.endsWith(".tgz")) ?? "");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "name": "shop", "private": true, "type": "module" }\n');
  run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", "--engine-strict", tarball], project);
});

afterAll(() => rmSync(work, { recursive: true, force: true }));

describe("the installed package", () => {
  it("carries what users look for, and the runtime without a script", () => {
    const files = run("tar", ["tzf", tarball], work).split("\n");
    for (const name of ["README.md", "SECURITY.md", "CHANGELOG.md", "docs/errors.md", "docs/api/index.md"]) {
      expect(files).toContain(`package/${name}`);
    }
    const own = files.filter((name) => !name.includes("node_modules"));
    expect(own.filter((name) => /\.npmrc|\/test\/|\/src\//.test(name))).toEqual([]);
    const runtime = join(project, "node_modules/lookalike-ads/node_modules/onnxruntime-node/package.json");
    expect(JSON.parse(readFileSync(runtime, "utf8")).scripts).toBeUndefined();
  });

  it("is packed as Node and bundlers expect it", async () => {
    const packed = new Uint8Array(readFileSync(tarball)).buffer;
    const { messages, pkg } = await publint({ pack: { tarball: packed }, level: "warning" });
    expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
  });

  it("has types that a strict project compiles with", () => {
    copyFileSync(join(import.meta.dirname, "consumer.ts"), join(project, "consumer.ts"));
    symlinkSync(join(MODULES, "@types"), join(project, "node_modules/@types"));
    const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2023"];
    run("node", [join(MODULES, "typescript/bin/tsc"), ...options, "--types", "node", "consumer.ts"], project);
  });

  it("checks itself and indexes a photo", () => {
    expect(run("npx", ["--no-install", "lookalike", "doctor", "--json"], project)).toContain("engine");
    mkdirSync(join(project, "photos"));
    const sample = join(project, "node_modules/@vladmandic/face-api/demo/sample1.jpg");
    copyFileSync(sample, join(project, "photos/sample.jpg"));
    const args = ["--no-install", "lookalike", "index", "photos", "--gallery", "gallery", "--json"];
    const report = JSON.parse(run("npx", args, project).trim().split("\n").at(-1) ?? "");
    expect(report).toMatchObject({ faces: 3 });
  });
});
