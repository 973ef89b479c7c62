import { isatty } from "node:tty";
import { Presets, SingleBar } from "cli-progress";
import type { LookalikeError } from "../core/index.ts";

export const EXIT = { done: 0, unforeseen: 1, usage: 2, refused: 3, interrupted: 130 } as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

export interface Streams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly fd?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What a command may say: results on stdout (only with --json), everything for people on stderr. */
export interface Output {
  readonly json: boolean;
  /** One JSON line on stdout with --json, else nothing. Waits while the reader is slow. */
  result(value: unknown): Promise<void>;
  /** Many JSON lines at once, serialised by the command: a write per line is what costs most at volume. */
  results(lines: string): Promise<void>;
  /** A line for people on stderr. */
  say(line: string): void;
  /** A refused input, named with its reason. */
  refuse(input: string, error: LookalikeError): void;
  /** A bar with rate and time left, on a terminal only; always `stop()` it. */
  progress(unit: string): Progress;
}

export interface Progress {
  update(done: number, total: number): void;
  stop(): void;
}

export function createOutput(streams: Streams, options: { readonly json?: boolean }): Output {
  const json = options.json === true;
  const terminal = streams.stderr.fd !== undefined && isatty(streams.stderr.fd);
  const write = async (text: string) => {
    if (!json || text === "" || streams.stdout.write(text)) return;
    await new Promise((resolve) => streams.stdout.once("drain", resolve));
  };
  return {
    json,
    result: (value) => write(json ? `${JSON.stringify(value)}\n` : ""),
    results: write,
    say: (line) => void streams.stderr.write(`${line}\n`),
    refuse: (input, error) =>
      void streams.stderr.write(`refused ${input}: ${error.code}: ${error.message}\n`),
    progress: (unit) => (terminal ? createBar(streams, unit) : { update() {}, stop() {} }),
  };
}

function createBar(streams: Streams, unit: string): Progress {
  const color = streams.env.NO_COLOR ? "" : "\u001b[36m";
  const reset = color ? "\u001b[0m" : "";
  const bar = new SingleBar(
    {
      stream: streams.stderr,
      format: `${color}{bar}${reset} {value}/{total} ${unit}  {rate}/s  {eta_formatted} left`,
      hideCursor: true,
      clearOnComplete: true,
      etaBuffer: 50,
    },
    Presets.rect,
  );
  const startedAt = performance.now();
  let running = false;
  return {
    update(done, total) {
      const seconds = (performance.now() - startedAt) / 1000;
      const rate = seconds > 0 ? (done / seconds).toFixed(1) : "0";
      if (!running) bar.start(total, done, { rate });
      running = true;
      bar.setTotal(total);
      bar.update(done, { rate });
    },
    stop() {
      if (running) bar.stop();
      running = false;
    },
  };
}
