import type { Point } from "../types.ts";

/** A recognition network of your own. */
export interface EmbedderSource {
  /** Path of the ONNX file, weights inside. */
  readonly model: string;
  /** What the network expects: a YAML file or the same as an object; default: the YAML file beside the model. */
  readonly config?: string | EmbedderConfig | undefined;
}

/**
 * The input and output of a recognition network. The YAML file has the same keys in snake_case
 * (`input_size`).
 */
export interface EmbedderConfig {
  /** A display name. */
  readonly name: string;
  /** The licence under which you use it; a note without effect. */
  readonly licence?: string | undefined;
  /** Default: the model's only input. */
  readonly inputName?: string | undefined;
  /** Width and height of the aligned face, px. */
  readonly inputSize: number;
  /** Order of the dimensions: batch, channels, height, width. */
  readonly layout: "NCHW" | "NHWC";
  readonly colorOrder: "RGB" | "BGR";
  /**
   * Subtracted from every 8-bit value; one number, or one per channel in the order of `colorOrder`. Default
   * 0.
   */
  readonly mean?: number | readonly number[] | undefined;
  /** Factor after the subtraction; default 1. Give `scale` or `std`. */
  readonly scale?: number | readonly number[] | undefined;
  /** Divisor after the subtraction, instead of `scale`. */
  readonly std?: number | readonly number[] | undefined;
  /**
   * Position of the face in the input. `dlib68`: 33 of 68 landmarks on dlib's template with `padding` around.
   * `arcface5`: eyes, nose tip and mouth corners on the 112-px template of ArcFace, scaled to the input.
   * `custom`: the same five on `points`.
   */
  readonly alignment: "dlib68" | "arcface5" | "custom";
  /** For `dlib68`: room on each side of the face as a share of its size; default 0.25. */
  readonly padding?: number | undefined;
  /**
   * For `custom`: left eye, right eye, nose tip, left and right mouth corner as seen in the picture, px of
   * the input.
   */
  readonly points?: readonly Point[] | undefined;
  /** Whether to average with the mirrored face; default true. Twice the work, fewer errors. */
  readonly mirror?: boolean | undefined;
  /** Default: the model's only output. */
  readonly outputName?: string | undefined;
  readonly dimensions: number;
  /** `cosine`: embeddings are scaled to length 1, so that Euclidean distance orders them as the cosine does. */
  readonly metric: "cosine" | "euclidean";
}

export type Triple = readonly [number, number, number];

/** A checked configuration with all defaults filled in. */
export interface EmbedderSettings {
  readonly name: string;
  readonly licence: string | null;
  readonly inputName: string | null;
  readonly inputSize: number;
  readonly layout: "NCHW" | "NHWC";
  readonly colorOrder: "RGB" | "BGR";
  /** `(value - mean) * scale` per channel, in the order of `colorOrder`. */
  readonly mean: Triple;
  readonly scale: Triple;
  readonly alignment:
    | { readonly template: "dlib68"; readonly padding: number }
    | { readonly template: "points"; readonly points: readonly Point[] };
  readonly mirror: boolean;
  readonly outputName: string | null;
  readonly dimensions: number;
  readonly metric: "cosine" | "euclidean";
}

/** A network that was tested against its configuration; plain data, so that worker threads can open it. */
export interface EmbedderSpec {
  /** Absolute path. */
  readonly model: string;
  /** SHA-256 of the model file. */
  readonly modelHash: string;
  readonly settings: EmbedderSettings;
  readonly inputName: string;
  readonly outputName: string;
  /** Faces per run; 1 for a model with a fixed batch dimension. */
  readonly batch: number;
}
