import { invalidOption, LookalikeError } from "../../core/index.ts";
import {
  type EvaluatePolicyOptions,
  evaluatePolicy,
  type PolicyEvaluation,
} from "../../experiments/index.ts";
import { readNamedText, reason } from "../../io/files.ts";
import type { AddCommand } from "../command.ts";
import { EXIT, type Output } from "../output.ts";
import { type RefusedFlags, sayRows, withRefusedFlag } from "../row-report.ts";
import { snakeCase } from "../snake-case.ts";

interface PolicyFlags extends RefusedFlags {
  readonly log: readonly string[];
  readonly policy: string;
  readonly columns?: Readonly<Record<string, string>>;
  readonly switchAt?: number;
  readonly lambda?: number;
  readonly json?: boolean;
}

/** `lookalike evaluate policy`: estimates what another policy would have earned. */
export const addEvaluatePolicy: AddCommand = (program, run) => {
  withRefusedFlag(program.command("policy"))
    .description("estimate the value of a policy from the log of another policy")
    .requiredOption(
      "--log <file...>",
      "CSV or Parquet, one row per decision: action, propensity, reward, stratum",
    )
    .requiredOption(
      "--policy <json>",
      "probability by action as JSON, such maps by stratum, a policy.json, or the word uniform",
    )
    .option("--columns <map>", "column names as ours=theirs, such as action=item_id,reward=click", columnsOf)
    .option("--switch-at <weight>", "Switch-DR uses the log up to this weight (default: 10)", Number)
    .option("--lambda <number>", "DRos shrinks weights w to lambda w / (w^2 + lambda) (default: 10)", Number)
    .option("--json", "print the values on stdout as JSON")
    .action(async (flags: PolicyFlags) =>
      run(flags, async ({ output, signal }) => {
        const { log, columns, switchAt, lambda } = flags;
        const policy = await readPolicy(flags.policy);
        const found = await evaluatePolicy({ log, columns, policy, switchAt, lambda, signal });
        const refused = sayRows(output, found.rows);
        await output.result(snakeCase(found));
        describe(output, found);
        return found.refusal === null && refused === 0 ? EXIT.done : EXIT.refused;
      }),
    );
};

const ROLES = ["action", "propensity", "reward", "stratum"];

function columnsOf(text: string): Record<string, string> {
  const pairs = text.split(",").map((pair) => pair.split("=").map((name) => name.trim()));
  if (
    pairs.every(
      ([ours = "", theirs = "", ...more]) => ROLES.includes(ours) && theirs !== "" && more.length === 0,
    )
  ) {
    return Object.fromEntries(pairs);
  }
  throw invalidOption(
    "our=theirs with commas",
    "--columns",
    text,
    `Known columns: ${ROLES.join(", ")}. Example: --columns action=item_id,reward=click`,
  );
}

async function readPolicy(path: string): Promise<EvaluatePolicyOptions["policy"]> {
  if (path === "uniform") return path;
  try {
    const value: unknown = JSON.parse(await readNamedText(path));
    const { arms, linear } = Object(value);
    if (linear !== undefined) refusePersonal(path, Object(value).algorithm);
    if (Array.isArray(arms)) {
      return chancesOf(arms.map((own) => [String(Object(own).arm), Object(own).share]));
    }
    const entries = Object.entries<unknown>(Object(value));
    if (!entries.every(([, own]) => typeof own === "object" && own !== null)) return chancesOf(entries);
    return Object.fromEntries(
      entries.map(([stratum, own]) => [stratum, chancesOf(Object.entries(Object(own)))]),
    );
  } catch (cause) {
    if (cause instanceof LookalikeError) throw cause;
    throw new LookalikeError("ERR_MODEL_UNREADABLE", `Expected a policy at ${path}: ${reason(cause)}`, {
      hint: 'Pass a policy.json, or a file such as {"lookalike": 0.7, "random": 0.3}.',
      cause,
    });
  }
}

function refusePersonal(path: string, algorithm: unknown): never {
  throw invalidOption(
    "a policy with the same shares for all customers",
    "--policy",
    `${path}, of ${String(algorithm)}`,
    "Its shares depend on columns that the log does not have. Pass its probabilities by stratum, or read a run that used it with `lookalike results`.",
  );
}

function chancesOf(entries: readonly (readonly [action: string, chance: unknown])[]): Record<string, number> {
  return Object.fromEntries(
    entries.map(([action, chance]): [string, number] => {
      if (typeof chance !== "number") throw new TypeError(`the probability of ${action} is not a number`);
      return [action, chance];
    }),
  );
}

function describe(output: Output, { overlap, logged, estimates, refusal }: PolicyEvaluation): void {
  output.say(
    `${overlap.rows} decisions, effective sample size ${overlap.effectiveRows.toFixed(1)}; largest weight ${overlap.largestWeight.toFixed(2)}, mean ${overlap.meanWeight.toFixed(3)}`,
  );
  output.say(`logged policy: ${logged.toPrecision(5)}`);
  for (const [name, { value, bootstrap }] of Object.entries(estimates)) {
    const range =
      bootstrap === null ? "" : ` (${bootstrap.low.toPrecision(4)} to ${bootstrap.high.toPrecision(4)})`;
    output.say(`${name}: ${value.toPrecision(5)}${range}`);
  }
  if (refusal !== null) output.say(`no verdict: ${refusal}`);
}
