import { Writable } from "node:stream";
import type { ExitStatus } from "../../src/cli/output.ts";
import { runCli } from "../../src/cli/run.ts";

export interface Captured {
  readonly status: ExitStatus;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process and keeps what it wrote. */
export async function lookalike(...args: string[]): Promise<Captured> {
  const written = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof written) =>
    new Writable({
      write(chunk, _, done) {
        written[name] += String(chunk);
        done();
      },
    });
  const status = await runCli(args, { stdout: stream("stdout"), stderr: stream("stderr"), env: {} });
  return { status, ...written };
}
