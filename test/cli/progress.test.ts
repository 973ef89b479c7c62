import { Writable } from "node:stream";
import { expect, it } from "vitest";
import { createOutput } from "../../src/cli/output.ts";

it("writes a line every five seconds where there is no terminal", () => {
  let [text, ms] = ["", 0];
  const sink = new Writable({
    write(chunk, _, done) {
      text += String(chunk);
      done();
    },
  });
  const output = createOutput({ stdout: sink, stderr: sink, env: {}, now: () => ms }, {});
  const progress = output.progress("photos");
  for (let done = 1; done <= 100; done++) {
    ms += 150;
    progress.update(done, 100);
  }
  progress.stop();
  expect(text).toBe("34/100 photos, 6.7/s, 10 s left\n68/100 photos, 6.7/s, 5 s left\n");
});
