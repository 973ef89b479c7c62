import { z } from "zod";
import { invalidOption, LookalikeError } from "../../core/index.ts";
import { readNamedText, reason, writeFileAtomic } from "../../io/files.ts";

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const answered = z.object({
  /** Name of the rater, assigned by the brand; not blank. */
  rater: z.string().regex(/\S/),
  /** SHA-256 of the photo with which the other two were compared. */
  probe: hash,
  left: hash,
  right: hash,
  answer: z.enum(["left", "right", "skip"]),
  /**
   * `repeat`: a repeated question that measures the rater's consistency. `catch`: one of the two photos is
   * the probe itself, an attention check. Neither is used for learning.
   */
  kind: z.enum(["question", "repeat", "catch"]),
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
});

/** Three different photos, except in a catch trial. */
const schema = answered.refine(
  ({ kind, probe, left, right }) =>
    left !== right && (kind === "catch" || (left !== probe && right !== probe)),
);

/** One answer to "which of these two looks more like this one?". */
export type Judgement = Readonly<z.infer<typeof schema>>;

/** @throws ERR_OPTION_INVALID the name is blank */
export function checkRater(rater: string): void {
  if (answered.shape.rater.safeParse(rater).success) return;
  throw invalidOption(
    "a name",
    "the rater",
    rater,
    "Name the rater: repeats are compared with that person's answers.",
  );
}

export interface Judgements {
  readonly judgements: readonly Judgement[];
  /** Numbers of the rejected lines, from 1. */
  readonly rejected: readonly number[];
}

/**
 * Reads `judgements.jsonl`. A line that is truncated, lacks a key or compares a photo with itself is rejected; the rest is
 * kept.
 * @throws ERR_JUDGEMENTS_INVALID the file is missing, or no line of it is a judgement
 */
export async function readJudgements(path: string): Promise<Judgements> {
  const lines = (await readText(path)).split("\n");
  const judgements: Judgement[] = [];
  const rejected: number[] = [];
  lines.forEach((line, index) => {
    if (line.trim() === "") return;
    const parsed = parse(line);
    if (parsed === null) rejected.push(index + 1);
    else judgements.push(parsed);
  });
  if (judgements.length === 0) throw invalid(`Expected judgements in ${path} but found none`);
  return { judgements, rejected };
}

/**
 * Removes the answers about erased photos from a file; other lines stay as they are.
 *
 * @param hashes SHA-256 of the photos
 * @returns how many answers went
 * @throws ERR_JUDGEMENTS_INVALID the file cannot be read, ERR_OUTPUT_UNWRITABLE
 */
export async function forgetInJudgements(path: string, hashes: ReadonlySet<string>): Promise<number> {
  const lines = (await readText(path)).split("\n");
  // Also of a line that cannot be read as a whole.
  const kept = lines.filter((line) => ![...hashes].some((hash) => line.includes(hash)));
  if (kept.length < lines.length) await writeFileAtomic(path, kept.join("\n"), 0o600);
  return lines.length - kept.length;
}

function parse(line: string): Judgement | null {
  try {
    return schema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

async function readText(path: string): Promise<string> {
  try {
    return (await readNamedText(path)).replace(/^\uFEFF/, "");
  } catch (cause) {
    throw invalid(`Could not open ${path}: ${reason(cause)}`);
  }
}

function invalid(message: string): LookalikeError {
  return new LookalikeError("ERR_JUDGEMENTS_INVALID", message, {
    hint: "Pass a file that `lookalike judge` wrote, and collect more answers.",
  });
}
