import { type ChildProcess, spawn } from "node:child_process";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");
const CLI = join(ROOT, "dist/cli/main.js");

/** A command as a user typed it, and what it wrote. */
export interface Typed {
  readonly command: string;
  readonly output: string;
}

/** Runs a command line in a folder to its end. Status 3, some rows refused, is no failure. */
export function run(folder: string, ...args: string[]): Promise<Typed> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    const text = textOf(child);
    child.on("error", fail);
    child.on("close", (status) => {
      const output = text().replaceAll(folder, ".");
      if (status === 0 || status === 3) done({ command: `lookalike ${args.join(" ")}`, output });
      else fail(new Error(`lookalike ${args[0]} ended with ${status}: ${output}`));
    });
  });
}

/** Starts a server, and resolves once it answers. */
export function start(
  folder: string,
  ...args: string[]
): Promise<{ readonly url: string; readonly typed: Typed; stop(): Promise<void> }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    const text = textOf(child, (output) => {
      const url = /Ready: (http:\/\/127\.0\.0\.1:\d+)\//.exec(output)?.[1];
      if (url === undefined) return;
      done({
        url,
        typed: { command: `lookalike ${args.join(" ")}`, output },
        stop: () =>
          new Promise((resolve) => {
            child.once("exit", () => resolve());
            child.kill("SIGTERM");
          }),
      });
    });
    child.once("exit", (status) => fail(new Error(`lookalike ${args[0]} ended with ${status}: ${text()}`)));
  });
}

function textOf(child: ChildProcess, onText: (text: string) => void = () => {}): () => string {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      onText(text);
    });
  }
  return () => text;
}
