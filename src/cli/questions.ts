import { createInterface } from "node:readline";
import { escapeText } from "../core/index.ts";
import type { Streams } from "./output.ts";

/**
 * Asks for one line.
 *
 * @param fallback used for an empty answer; shown with the question
 */
export type Ask = (question: string, fallback: string) => Promise<string>;

export interface Questions {
  /** null: there is no terminal, or `--json` excludes prompts. */
  readonly ask: Ask | null;
  /** Restores the terminal. */
  close(): void;
}

/**
 * Prompts appear on a terminal only: in scripts, a missing value is an error or a default. Lines that are pasted or typed
 * ahead answer the next questions.
 *
 * @param controller aborted by Ctrl-C and Ctrl-D at a prompt
 */
export function openQuestions(
  { stdin, stderr }: Streams,
  { json = false }: { readonly json?: boolean },
  controller: AbortController,
): Questions {
  if (json || stdin?.isTTY !== true) return { ask: null, close() {} };
  let lines: Lines | null = null;
  return {
    async ask(question, fallback) {
      lines ??= openLines(stdin, stderr, controller);
      const shown = fallback === "" ? "" : ` [${escapeText(fallback)}]`;
      const answer = await lines.next(`${escapeText(question)}${shown}: `);
      return answer.trim() || fallback;
    },
    close: () => lines?.close(),
  };
}

interface Lines {
  next(prompt: string): Promise<string>;
  close(): void;
}

interface Waiting {
  resolve(line: string): void;
  reject(error: unknown): void;
}

function openLines(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  controller: AbortController,
): Lines {
  const { signal } = controller;
  const reader = createInterface({ input, output });
  const early: string[] = [];
  let waiting: Waiting | null = null;
  const onAbort = () => {
    waiting?.reject(signal.reason);
    waiting = null;
  };
  // At a prompt, the terminal sends Ctrl-C and Ctrl-D as keys, not as a signal and the end of the input.
  const interrupt = () => controller.abort(new Error("interrupted"));
  signal.addEventListener("abort", onAbort, { once: true });
  reader.on("line", (line) => {
    if (waiting === null) early.push(line);
    else waiting.resolve(line);
    waiting = null;
  });
  reader.on("SIGINT", interrupt);
  reader.on("close", interrupt);
  return {
    next(prompt) {
      const line = early.shift();
      if (line !== undefined) {
        output.write(`${prompt}${escapeText(line)}\n`);
        return Promise.resolve(line);
      }
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        waiting = { resolve, reject };
        reader.setPrompt(prompt);
        reader.prompt();
      });
    },
    close() {
      signal.removeEventListener("abort", onAbort);
      reader.off("close", interrupt);
      reader.close();
    },
  };
}
