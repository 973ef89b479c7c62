import { z } from "zod";
import { expected, LookalikeError, nearestSpelling } from "../../core/index.ts";
import { readNamedText, reason } from "../../io/files.ts";
import { type Place, readYaml } from "../../io/yaml.ts";
import type { Point } from "../types.ts";
import type { EmbedderConfig, EmbedderSettings, Triple } from "./types.ts";

/** Reads and checks the configuration of a user's network; messages say 'Expected <message> for <key>'. */

/**
 * Eyes, nose tip and mouth corners in ArcFace's 112-px input: the template that its training faces were aligned on
 * (Deng et al. 2019; insightface `face_align.py`).
 */
const ARCFACE_POINTS: readonly Point[] = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041],
];
const ARCFACE_SIZE = 112;

const text = (what: string) => z.string(what).trim().min(1, what).max(500, what);
const perChannel = (what: string) =>
  z.union([z.number(what), z.tuple([z.number(what), z.number(what), z.number(what)], what)], what);
const whole = (what: string, max: number) => z.int(what).min(1, what).max(max, what);
const fraction = "a share from 0 to 2";
const point = z.tuple([z.number("a number"), z.number("a number")], "a point [x, y]");
const notZero = (value: number | readonly number[]) => [value].flat().every((part) => part !== 0);

const schema = z.strictObject(
  {
    name: text("the network's name"),
    licence: text("a note on the licence").optional(),
    input_name: text("the name of the model's input").optional(),
    input_size: whole("whole px from 1 to 2048", 2048),
    layout: z.enum(["NCHW", "NHWC"], "NCHW or NHWC"),
    color_order: z.enum(["RGB", "BGR"], "RGB or BGR"),
    mean: perChannel("one number, or three").default(0),
    scale: perChannel("one number, or three").refine(notZero, "numbers other than 0").optional(),
    std: perChannel("one number, or three").refine(notZero, "numbers other than 0").optional(),
    alignment: z.enum(["dlib68", "arcface5", "custom"], "dlib68, arcface5 or custom"),
    padding: z.number(fraction).min(0, fraction).max(2, fraction).optional(),
    points: z.array(point, "five points [x, y]").length(5, "five points [x, y]").optional(),
    mirror: z.boolean("true or false").default(true),
    output_name: text("the name of the model's output").optional(),
    dimensions: whole("a whole number from 1 to 16384", 16_384),
    metric: z.enum(["cosine", "euclidean"], "cosine or euclidean"),
  },
  "a map with name, input_size, layout, color_order, alignment, dimensions and metric",
);

const checked = schema.superRefine((config, context) => {
  const refuse = (key: string, message: string) =>
    context.addIssue({ code: "custom", path: [key], message, input: config });
  if (config.std !== undefined && config.scale !== undefined) refuse("std", "scale or std, not both");
  if (config.alignment === "custom" && config.points === undefined)
    refuse("points", "five points [x, y], which the custom alignment needs");
  if (config.alignment !== "custom" && config.points !== undefined)
    refuse("points", "no points: only the custom alignment has them");
  if (config.alignment !== "dlib68" && config.padding !== undefined)
    refuse("padding", "no padding: only the dlib68 alignment has it");
});

/**
 * Reads and checks a configuration file.
 * @throws ERR_EMBEDDER_CONFIG every problem at once, each with its line and key
 */
export async function readConfig(path: string): Promise<EmbedderSettings> {
  const file = readYaml(await readText(path));
  const [broken] = file.problems;
  if (broken !== undefined) throw invalid(path, [`  ${at(path, broken)}  Expected YAML: ${broken.message}`]);
  return parse(file.value, path, (key) => at(path, file.placeOf(key)));
}

/** @throws ERR_EMBEDDER_CONFIG */
export function checkConfig(config: EmbedderConfig): EmbedderSettings {
  const snake = Object.entries(config).map(([key, value]) => [
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return parse(Object.fromEntries(snake), "embedder.config", () => "embedder.config");
}

function parse(
  value: unknown,
  name: string,
  place: (key: readonly PropertyKey[]) => string,
): EmbedderSettings {
  const parsed = checked.safeParse(value);
  if (parsed.success) return settle(parsed.data);
  const problems = parsed.error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => `  ${place([key])}  Expected a known key but received ${hinted(key)}`);
    }
    const key = issue.path.map(String).join(".") || "the configuration";
    const received = issue.path.reduce<unknown>(
      (inner, part) => (inner as Record<PropertyKey, unknown> | undefined)?.[part],
      value,
    );
    return [`  ${place(issue.path)}  ${expected(issue.message, key, received)}`];
  });
  throw invalid(name, problems);
}

function hinted(key: string): string {
  const nearest = nearestSpelling(key, Object.keys(schema.shape));
  return nearest === null ? key : `${key}. Did you mean ${nearest}?`;
}

function settle(config: z.output<typeof schema>): EmbedderSettings {
  const scale = config.std === undefined ? triple(config.scale ?? 1) : invert(triple(config.std));
  return {
    name: config.name,
    licence: config.licence ?? null,
    inputName: config.input_name ?? null,
    inputSize: config.input_size,
    layout: config.layout,
    colorOrder: config.color_order,
    mean: triple(config.mean),
    scale,
    alignment: settleAlignment(config),
    mirror: config.mirror,
    outputName: config.output_name ?? null,
    dimensions: config.dimensions,
    metric: config.metric,
  };
}

function settleAlignment(config: z.output<typeof schema>): EmbedderSettings["alignment"] {
  if (config.alignment === "dlib68") return { template: "dlib68", padding: config.padding ?? 0.25 };
  if (config.points !== undefined) return { template: "points", points: config.points };
  const scale = config.input_size / ARCFACE_SIZE;
  return { template: "points", points: ARCFACE_POINTS.map(([x, y]): Point => [x * scale, y * scale]) };
}

function triple(value: number | readonly [number, number, number]): Triple {
  return typeof value === "number" ? [value, value, value] : value;
}

function invert([a, b, c]: Triple): Triple {
  return [1 / a, 1 / b, 1 / c];
}

async function readText(path: string): Promise<string> {
  try {
    return await readNamedText(path);
  } catch (cause) {
    throw new LookalikeError("ERR_EMBEDDER_CONFIG", `Could not open ${path}: ${reason(cause)}`, {
      hint: "Put a YAML file with the model's name beside it, or pass --embedder-config.",
      cause,
    });
  }
}

function at(path: string, { line, column }: Place): string {
  return `${path}:${line}:${column}`;
}

function invalid(name: string, problems: readonly string[]): LookalikeError {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new LookalikeError(
    "ERR_EMBEDDER_CONFIG",
    `Expected what a network needs in ${name} but found ${count}:`,
    { details: problems, hint: "Correct these keys; docs/faces.md describes every key." },
  );
}
