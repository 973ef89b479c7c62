import { createHash } from "node:crypto";
import { LookalikeError } from "../../core/index.ts";
import { isSealedText, type Vault } from "../../trust/index.ts";
import type { Decision } from "../types.ts";

/** Lines of a log of decisions: plain JSON, or encrypted and bound to their numbers, with a mark at the end. */

const END = "end ";

/** Encodes the lines of a log, in order. */
export interface LineWriter {
  /** The next decision, with a line break. */
  line(decision: Decision): string;
  /** The mark behind the last encrypted decision; empty if decisions are not encrypted. */
  end(): string;
}

/** @param earlier the lines that the file has already */
export function createLineWriter(vault: Vault | null, earlier = createChain(vault)): LineWriter {
  return {
    line(decision) {
      const text = JSON.stringify(decision);
      const line = vault?.sealText(text, placeOf(earlier.count)) ?? text;
      earlier.add(line);
      return `${line}\n`;
    },
    end: () => (vault === null ? "" : `${END}${vault.sealText("", earlier.place())}\n`),
  };
}

/** Counts and hashes lines, so that the end mark belongs to exactly these lines and not to those of another run. */
export interface LineChain {
  readonly count: number;
  add(line: string): void;
  /** What the end mark is bound to. */
  place(): string;
}

/** @param vault null: the lines are only counted, because plain lines have no end mark */
export function createChain(vault: Vault | null): LineChain {
  const hash = vault === null ? null : createHash("sha256");
  let count = 0;
  return {
    get count() {
      return count;
    },
    add(line) {
      hash?.update(line).update("\n");
      count++;
    },
    place: () => `end of ${count} decisions ${hash?.copy().digest("hex")}`,
  };
}

export function isEndMark(line: string): boolean {
  return line.startsWith(END);
}

/** @throws ERR_KEY_WRONG the decisions before this mark are not those that it was written for, or it has another key */
export function checkEnd(
  line: string,
  { path, chain }: { readonly path: string; readonly chain: LineChain },
  vault: Vault | null,
): void {
  if (vault === null) throw keyRequired(path);
  const shown = `the end of ${path}, after ${chain.count} decisions`;
  vault.openText(line.slice(END.length), chain.place(), shown);
}

export interface LinePlace {
  /** Path of the file, for messages. */
  readonly path: string;
  /** Number of the line, from 0: an encrypted line can only be decrypted at its own place. */
  readonly index: number;
}

/** @throws ERR_RUN_UNREADABLE, ERR_KEY_REQUIRED, ERR_KEY_WRONG */
export function decodeLine(line: string, place: LinePlace, vault: Vault | null): Decision {
  const { path, index } = place;
  if (!isSealedText(line)) {
    if (vault === null) return parseLine(line, place);
    throw new LookalikeError("ERR_KEY_WRONG", `Expected sealed decisions in ${path} but they are in clear`, {
      hint: "Remove the key, or generate again with it.",
    });
  }
  if (vault !== null) {
    const shown = `line ${index + 1} of ${path}`;
    return parseLine(vault.openText(line, placeOf(index), shown), place);
  }
  throw keyRequired(path);
}

function keyRequired(path: string): LookalikeError {
  return new LookalikeError(
    "ERR_KEY_REQUIRED",
    `Expected a key for the decisions in ${path}, which are sealed`,
    {
      hint: "Pass --key-file, or set LOOKALIKE_KEY_FILE or LOOKALIKE_KEY.",
    },
  );
}

function parseLine(text: string, { path, index }: LinePlace): Decision {
  try {
    return JSON.parse(text) as Decision;
  } catch (cause) {
    throw new LookalikeError("ERR_RUN_UNREADABLE", `Expected a decision in line ${index + 1} of ${path}`, {
      hint: "The file was changed by hand or damaged: generate again.",
      cause,
    });
  }
}

function placeOf(index: number): string {
  return `decision ${index}`;
}
