import { Writable } from "node:stream";
import { runCli } from "../../../src/cli/run.ts";

/** Runs a command line and collects what it says; `lines` are stdout's JSON lines. */
export async function lookalike(...args: string[]) {
  const collected = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof collected) =>
    new Writable({
      write(chunk, _, done) {
        collected[name] += chunk;
        done();
      },
    });
  const status = await runCli(args, { stdout: stream("stdout"), stderr: stream("stderr"), env: {} });
  const lines = collected.stdout.split("\n").filter(Boolean);
  return { status, ...collected, lines: lines.map((line) => JSON.parse(line)) };
}
