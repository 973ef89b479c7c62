import { type Command, InvalidArgumentError } from "commander";
import {
  HAIR_COLORS,
  type HairColor,
  MOST_WEIGHT,
  PARTS,
  type PartName,
  type WeightChanges,
} from "../faces/index.ts";
import type { MatchOptions } from "../gallery/index.ts";
import { number } from "./flag-values.ts";

/** Flags that weight or filter matches by appearance and quality. */
export interface AppearanceFlags {
  readonly age?: readonly [from: number, to: number];
  readonly smiling?: boolean;
  readonly hair?: readonly HairColor[];
  readonly minEyes?: number;
  readonly minQuality?: number;
  readonly minEyeLight?: number;
  readonly maxYaw?: number;
  readonly weights?: WeightChanges;
}

export function withAppearanceFlags(command: Command): Command {
  return command
    .option("--age <from-to>", "only faces of that apparent age, such as 20-35", ages)
    .option("--smiling", "only smiling faces")
    .option("--hair <colours>", "only hair of these colours, such as brown,blond", hairColors)
    .option("--min-eyes <px>", "only faces whose eyes are at least this far apart", zeroOrMore)
    .option("--min-quality <p>", "only faces of at least this quality score, 0 to 1", share)
    .option(
      "--min-eye-light <p>",
      "only faces with at least this light below the eyes; 0.65 excludes dark glasses",
      zeroOrMore,
    )
    .option("--max-yaw <degrees>", "only heads turned to the side by at most this many degrees", zeroOrMore)
    .option("--weights <list>", "weights of the parts of resemblance, such as look=0.4,age=0.1", weightList);
}

/** The match options of the flags. */
export function appearanceOptions(
  flags: AppearanceFlags,
): Pick<MatchOptions, "appearance" | "floor" | "weights"> {
  const { age, smiling, hair, minEyes, minQuality, minEyeLight, maxYaw, weights } = flags;
  const floor = {
    interocularPx: minEyes,
    score: minQuality,
    eyeLight: minEyeLight,
    maxYawDegrees: maxYaw,
  };
  return { appearance: { age, smiling, hair }, floor, weights };
}

function ages(text: string): readonly [number, number] {
  const [, from, to] = /^(\d{1,3})-(\d{1,3})$/.exec(text) ?? [];
  if (from === undefined || to === undefined || Number(from) > Number(to))
    throw new InvalidArgumentError("Expected two ages, the lower one first, such as 20-35.");
  return [Number(from), Number(to)];
}

function hairColors(text: string): readonly HairColor[] {
  const colors = text.split(",").map((color) => color.trim().toLowerCase());
  if (!colors.every((color): color is HairColor => HAIR_COLORS.some((known) => known === color)))
    throw new InvalidArgumentError(`Expected some of ${HAIR_COLORS.join(", ")}, with commas between them.`);
  return colors;
}

function zeroOrMore(text: string): number {
  const value = number(text);
  if (value < 0) throw new InvalidArgumentError("Expected a number of 0 or more.");
  return value;
}

function weight(text: string): number {
  const value = number(text);
  if (value < 0 || value > MOST_WEIGHT)
    throw new InvalidArgumentError(`Expected a weight from 0 to ${MOST_WEIGHT}.`);
  return value;
}

function share(text: string): number {
  const value = number(text);
  if (value < 0 || value > 1) throw new InvalidArgumentError("Expected a number from 0 to 1.");
  return value;
}

function weightList(text: string): WeightChanges {
  const weights: Partial<Record<PartName, number>> = {};
  for (const entry of text.split(",")) {
    const [name = "", value = ""] = entry.split("=").map((part) => part.trim());
    const part = PARTS.find((candidate) => candidate.name === name)?.name;
    const names = PARTS.map((candidate) => candidate.name).join(", ");
    if (part === undefined) throw new InvalidArgumentError(`Expected some of ${names}, each as name=weight.`);
    weights[part] = weight(value);
  }
  return weights;
}
