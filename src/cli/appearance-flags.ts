import { type Command, InvalidArgumentError } from "commander";
import type { FaceAttributes, HairColor } from "../faces/index.ts";
import type { MatchOptions } from "../gallery/index.ts";
import { number } from "./engine-flags.ts";

/** The flags that weigh or filter by how people look, and how well they are seen. */
export interface AppearanceFlags {
  readonly age?: readonly [from: number, to: number];
  readonly smiling?: boolean;
  readonly hair?: readonly HairColor[];
  readonly minEyes?: number;
  readonly minQuality?: number;
  readonly weightAge?: number;
  readonly weightHair?: number;
  readonly weightSmile?: number;
}

export function withAppearanceFlags(command: Command): Command {
  return command
    .option("--age <from-to>", "only faces of that apparent age, such as 20-35", ages)
    .option("--smiling", "only smiling faces")
    .option("--hair <colours>", "only hair of these colours, such as brown,blond", hairColors)
    .option("--min-eyes <px>", "only faces whose eyes are at least this far apart", weight)
    .option("--min-quality <p>", "only faces of at least this quality score, 0 to 1", share)
    .option(
      "--weight-age <distance>",
      "add this to the distance per 10 years of difference (default: 0)",
      weight,
    )
    .option("--weight-hair <distance>", "add this for another hair colour (default: 0)", weight)
    .option("--weight-smile <distance>", "add this for smiling against not smiling (default: 0)", weight);
}

/** What the flags ask of a match for a probe that looks so; a probe without attributes is weighed by nothing. */
export function appearanceOptions(
  flags: AppearanceFlags,
  probe: FaceAttributes | null,
): Pick<MatchOptions, "appearance" | "floor" | "resemblance"> {
  const { age, smiling, hair, minEyes, minQuality, weightAge, weightHair, weightSmile } = flags;
  const looks = { appearance: { age, smiling, hair }, floor: { interocularPx: minEyes, score: minQuality } };
  if (probe === null || !weighs(flags)) return looks;
  return { ...looks, resemblance: { to: probe, age: weightAge, hair: weightHair, smile: weightSmile } };
}

/** Whether any weight is above 0, so that the probe's attributes are needed. */
export function weighs({ weightAge = 0, weightHair = 0, weightSmile = 0 }: AppearanceFlags): boolean {
  return weightAge + weightHair + weightSmile > 0;
}

function ages(text: string): readonly [number, number] {
  const [, from, to] = /^(\d{1,3})-(\d{1,3})$/.exec(text) ?? [];
  if (from === undefined || to === undefined || Number(from) > Number(to))
    throw new InvalidArgumentError("Expected two ages, the lower one first, such as 20-35.");
  return [Number(from), Number(to)];
}

const HAIR_COLORS: readonly string[] = [
  "black",
  "brown",
  "blond",
  "red",
  "grey",
  "bald",
  "unknown",
] satisfies HairColor[];

function hairColors(text: string): readonly HairColor[] {
  const colors = text.split(",").map((color) => color.trim().toLowerCase());
  if (!colors.every((color): color is HairColor => HAIR_COLORS.includes(color)))
    throw new InvalidArgumentError(`Expected some of ${HAIR_COLORS.join(", ")}, with commas between them.`);
  return colors;
}

function weight(text: string): number {
  const value = number(text);
  if (value < 0) throw new InvalidArgumentError("Expected a weight of 0 or more.");
  return value;
}

function share(text: string): number {
  const value = number(text);
  if (value < 0 || value > 1) throw new InvalidArgumentError("Expected a number from 0 to 1.");
  return value;
}
