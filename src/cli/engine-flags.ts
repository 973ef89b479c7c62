import { type Command, InvalidArgumentError, Option } from "commander";
import type { FaceEngineOptions } from "../faces/index.ts";

/** The flags of every command that looks at photos. */
export interface EngineFlags {
  readonly engine?: "onnx" | "tfjs";
  readonly jobs?: number;
  readonly minScore?: number;
}

export function withEngineFlags(command: Command): Command {
  return command
    .addOption(new Option("--engine <name>", "network runtime").choices(["onnx", "tfjs"]).default("onnx"))
    .option("--jobs <n>", "photos under way at once (default: the number of cores)", wholeNumber)
    .option("--min-score <p>", "drop faces that the detector is less sure of, 0 to 1 (default: 0.4)", number);
}

export function engineOptions({ engine, jobs, minScore }: EngineFlags): FaceEngineOptions {
  return { engine, jobs, minScore };
}

/** Parses a whole number of 1 or more. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("Expected a whole number of 1 or more.");
  return Number(text);
}

export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("Expected a number.");
  return value;
}
