import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { runCli } from "../../src/cli/run.ts";
import { watchStdout } from "../../src/cli/stdout.ts";

/** A stdout that takes nothing, as a full disk or a closed pipe. */
function failing(code: string): Writable {
  return new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error(code), { code }));
    },
  });
}

describe("a stdout that takes no more", () => {
  it.each([
    ["EPIPE", "its reader has closed it"],
    ["ENOSPC", "ENOSPC"],
  ])("aborts the command with a coded error: %s", async (code, why) => {
    const controller = new AbortController();
    const stdout = failing(code);
    const watch = watchStdout(stdout, controller);
    expect(watch.failure()).toBeNull();
    stdout.write("a line\n");
    await expect(watch.flush()).rejects.toMatchObject({
      code: "ERR_OUTPUT_UNWRITABLE",
      message: expect.stringContaining(why),
    });
    expect(controller.signal.aborted).toBe(true);
    expect(controller.signal.reason).toBe(watch.failure());
  });

  it.each(["--help", "--version", "completion bash"])("gives %s the same error", async (args) => {
    const written: string[] = [];
    const stderr = new Writable({
      write(chunk, _encoding, done) {
        written.push(String(chunk));
        done();
      },
    });
    const status = await runCli(args.split(" "), { stdout: failing("ENOSPC"), stderr, env: {} });
    expect(status).toBe(2);
    expect(written.join("")).toContain("error ERR_OUTPUT_UNWRITABLE: Could not write to stdout");
  });

  it("does nothing while lines are taken", async () => {
    const controller = new AbortController();
    const lines: string[] = [];
    const stdout = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    const watch = watchStdout(stdout, controller);
    stdout.write("a line\n");
    await watch.flush();
    expect([lines.join(""), controller.signal.aborted]).toEqual(["a line\n", false]);
  });
});
