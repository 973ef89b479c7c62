import { PassThrough, Writable } from "node:stream";
import type { ExitStatus, Streams } from "../../src/cli/output.ts";
import { runCli } from "../../src/cli/run.ts";
import type { FaceEngine } from "../../src/faces/index.ts";
import { sharedEngine } from "../faces/shared-engine.ts";

export interface Captured {
  readonly status: ExitStatus;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process and keeps what it wrote. */
export function lookalike(...args: string[]): Promise<Captured> {
  return captureWith({}, args);
}

/** The same with an engine of the test, which stays open. */
export function lookalikeWith(engine: FaceEngine, ...args: string[]): Promise<Captured> {
  return captureWith({ engineOf: async () => ({ ...engine, close: async () => {} }) }, args);
}

/** The same for `--json`: with the lines of stdout, read. */
export async function lookalikeJson(...args: string[]) {
  const captured = await lookalike(...args);
  const lines = captured.stdout.split("\n").filter(Boolean);
  return { ...captured, lines: lines.map((line) => JSON.parse(line)) };
}

/** The same on a terminal: each question is answered with the next line, the rest with an empty one; null ends the input. */
export function answering(lines: readonly (string | null)[], ...args: string[]): Promise<Captured> {
  const left = [...lines];
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const onQuestion = () => {
    const line = left.length === 0 ? "" : left.shift();
    if (line == null) stdin.end();
    else stdin.write(`${line}\n`);
  };
  return captureWith({ stdin, onQuestion }, args);
}

interface Host extends Pick<Streams, "stdin" | "engineOf"> {
  readonly onQuestion?: () => void;
}

async function captureWith(
  { stdin, onQuestion, engineOf = sharedEngine }: Host,
  args: readonly string[],
): Promise<Captured> {
  const written = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof written) =>
    new Writable({
      write(chunk, _, done) {
        written[name] += String(chunk);
        if (/: $/.test(String(chunk))) onQuestion?.();
        done();
      },
    });
  const streams = {
    ...{ stdout: stream("stdout"), stderr: stream("stderr"), stdin, env: {} },
    engineOf,
  };
  const status = await runCli(args, streams);
  return { status, ...written };
}
