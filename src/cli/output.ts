import { isatty } from "node:tty";
import { Presets, SingleBar } from "cli-progress";
import { escapeLines, escapeText, type LookalikeError } from "../core/index.ts";
import type { RefusedRow } from "../tables/index.ts";
import type { OpenEngine } from "./engine-flags.ts";

export const EXIT = { done: 0, unforeseen: 1, usage: 2, refused: 3, interrupted: 130 } as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

export interface Streams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly fd?: number };
  /** Source of answers to prompts; none: no prompts. */
  readonly stdin?: (NodeJS.ReadableStream & { readonly isTTY?: boolean }) | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How commands open the face engine; default: anew for each. */
  readonly engineOf?: OpenEngine | undefined;
  /** Milliseconds of a clock that never goes back; default: the process's. */
  readonly now?: (() => number) | undefined;
  /** Why stdout takes no more; null: it does. */
  readonly failure?: (() => LookalikeError | null) | undefined;
}

/** What a command may say: results on stdout (only with --json), everything for people on stderr. */
export interface Output {
  readonly json: boolean;
  /** One JSON line on stdout with --json, else nothing. Waits while the reader is slow. */
  result(value: unknown): Promise<void>;
  /** Writes many serialised JSON lines in one call: one write per line is slow. */
  results(lines: string): Promise<void>;
  /** A line for people on stderr; what in it would move the cursor is escaped. */
  say(line: string): void;
  /** The same for several lines. */
  text(lines: string): void;
  /** Rows of tables that were refused so far, for `--refused`. */
  readonly refusedRows: RefusedRow[];
  /** A refused input, named with its reason. */
  refuse(input: string, error: LookalikeError): void;
  /** A text that is the command's result, on stdout whatever the flags. */
  print(text: string): void;
  /** A bar with rate and time left on a terminal, elsewhere a line every few seconds; always `stop()` it. */
  progress(unit: string): Progress;
}

export interface Progress {
  update(done: number, total: number): void;
  stop(): void;
}

export function createOutput(streams: Streams, options: { readonly json?: boolean }): Output {
  const json = options.json === true;
  const terminal = streams.stderr.fd !== undefined && isatty(streams.stderr.fd);
  const { stdout } = streams;
  const write = async (text: string) => {
    if (!json || text === "") return;
    const failure = streams.failure?.() ?? null;
    if (failure !== null) throw failure;
    if (stdout.write(text)) return;
    // A closed stream never drains.
    await new Promise<void>((resolve) => {
      const done = () => {
        for (const event of ["drain", "error", "close"]) stdout.off(event, done);
        resolve();
      };
      for (const event of ["drain", "error", "close"]) stdout.once(event, done);
    });
  };
  return {
    json,
    result: (value) => write(json ? `${JSON.stringify(value)}\n` : ""),
    results: write,
    refusedRows: [],
    say: (line) => void streams.stderr.write(`${escapeText(line)}\n`),
    text: (lines) => void streams.stderr.write(`${escapeLines(lines)}\n`),
    refuse: (input, error) =>
      void streams.stderr.write(`rejected ${escapeText(input)}: ${error.code}: ${error.message}\n`),
    print: (text) => void stdout.write(text),
    progress: (unit) => (terminal ? createBar(streams, unit) : createLines(streams, unit)),
  };
}

/** The first line comes after so long, so that short commands write none, and then one in each such time. */
const LINE_EVERY_MS = 5000;

/** For logs of schedulers and containers, where a bar would be thousands of lines. */
function createLines({ stderr, now = () => performance.now() }: Streams, unit: string): Progress {
  const startedAt = now();
  let saidAt = startedAt;
  return {
    update(done, total) {
      const at = now();
      if (at - saidAt < LINE_EVERY_MS || done >= total) return;
      saidAt = at;
      const rate = done / ((at - startedAt) / 1000);
      const left = rate > 0 ? `, ${Math.ceil((total - done) / rate)} s left` : "";
      stderr.write(`${done}/${total} ${unit}, ${rate.toFixed(1)}/s${left}\n`);
    },
    stop() {},
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
