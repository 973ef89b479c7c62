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
  /** Source of answers to prompts; absent: no prompts. */
  readonly stdin?: (NodeJS.ReadableStream & { readonly isTTY?: boolean }) | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How commands open the face engine; default: a new one each time. */
  readonly engineOf?: OpenEngine | undefined;
  /** A monotonic clock, ms; default: the process's. */
  readonly now?: (() => number) | undefined;
  /** Why stdout can no longer be written; null: it can. */
  readonly failure?: (() => LookalikeError | null) | undefined;
}

/** The output of a command: results on stdout (only with --json), all text for people on stderr. */
export interface Output {
  readonly json: boolean;
  /** Writes one JSON line on stdout with --json, else nothing. Waits if the reader is slow. */
  result(value: unknown): Promise<void>;
  /** Writes many serialised JSON lines in one call: one write per line is slow. */
  results(lines: string): Promise<void>;
  /** Writes a line for people on stderr; control characters in it are escaped. */
  say(line: string): void;
  /** Writes several lines in the same way. */
  text(lines: string): void;
  /** Rejected rows of tables so far, for `--refused`. */
  readonly refusedRows: RefusedRow[];
  /** Reports a rejected input with its reason. */
  refuse(input: string, error: LookalikeError): void;
  /** Writes a text that is the command's result, on stdout with all flags. */
  print(text: string): void;
  /**
   * A progress bar with rate and time left on a terminal, elsewhere a line every few seconds; always `stop()`
   * it.
   */
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
    // A closed stream never emits `drain`.
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

/** Time before the first line, so that short commands write none, and between lines. */
const LINE_EVERY_MS = 5000;

/** Progress lines for logs of schedulers and containers, where a bar would be thousands of lines. */
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
