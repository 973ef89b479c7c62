import type { Command } from "commander";
import type { OpenEngine } from "./engine-flags.ts";
import type { ExitStatus, Output } from "./output.ts";
import type { Ask } from "./questions.ts";
import type { RefusedFlags } from "./row-report.ts";

/** What a command's action receives. */
export interface CommandContext {
  readonly output: Output;
  readonly signal: AbortSignal;
  /** Sets how long the command may take to end after an interrupt, ms; default 1,800. */
  readonly allowToEnd: (ms: number) => void;
  /** Prompts on the terminal; null: not a terminal, or --json is set. */
  readonly ask: Ask | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Opens a face engine; the command closes it. */
  readonly engineOf: OpenEngine;
}

/** Runs a command's action and keeps its exit status. */
export type Runner = (
  options: { readonly json?: boolean } & RefusedFlags,
  action: (context: CommandContext) => Promise<ExitStatus>,
) => Promise<void>;

/** Adds one command to the program; one file per command. */
export type AddCommand = (program: Command, run: Runner) => void;
