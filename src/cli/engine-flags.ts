import { type Command, Option } from "commander";
import { wrongUse } from "../core/index.ts";
import type { FaceEngine, FaceEngineOptions } from "../faces/index.ts";
import { number, wholeNumber } from "./flag-values.ts";

/** Flags of every command that describes photos. */
export interface EngineFlags {
  readonly engine?: "onnx" | "tfjs";
  readonly jobs?: number;
  readonly minScore?: number;
  readonly attributes?: boolean;
  readonly look?: boolean;
  readonly maxMegapixels?: number;
  readonly embedder?: string;
  readonly embedderConfig?: string;
}

export type OpenEngine = (options: FaceEngineOptions) => Promise<FaceEngine>;

export function withEngineFlags(command: Command): Command {
  return command
    .addOption(new Option("--engine <name>", "network runtime").choices(["onnx", "tfjs"]).default("onnx"))
    .option("--jobs <n>", "photos processed at once (default: the number of cores)", wholeNumber)
    .option("--min-score <p>", "minimum confidence of the detector, 0 to 1 (default: 0.4)", number)
    .option("--no-attributes", "do not estimate age, smile and hair colour")
    .option("--no-look", "do not use the second descriptor of @vladmandic/human")
    .option("--max-megapixels <n>", "largest photo, in millions of pixels (default: 100)", wholeNumber)
    .option("--embedder <onnx>", "your own recognition network instead of face-api's")
    .option("--embedder-config <yaml>", "its configuration (default: the YAML file beside it)");
}

/** @throws ERR_OPTION_INVALID a configuration without a network */
export function engineOptions(flags: EngineFlags): FaceEngineOptions {
  const { engine, jobs, minScore, attributes, look, maxMegapixels, embedder, embedderConfig } = flags;
  if (embedder === undefined && embedderConfig !== undefined) {
    throw wrongUse(
      "--embedder beside --embedder-config",
      "none",
      "Pass the ONNX file of this configuration.",
    );
  }
  const own = embedder === undefined ? undefined : { model: embedder, config: embedderConfig };
  // The flag can only disable it: by default it is used if it is installed.
  const lookOption = look === false ? { look } : {};
  const maxPixels = maxMegapixels === undefined ? undefined : maxMegapixels * 1_000_000;
  return { engine, jobs, minScore, attributes, ...lookOption, maxPixels, embedder: own };
}

/** Loads the faces room lazily, and opens an engine. */
export async function openEngine(options: FaceEngineOptions): Promise<FaceEngine> {
  const { createFaceEngine } = await import("../faces/index.ts");
  return createFaceEngine(options);
}
