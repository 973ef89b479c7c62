import { InvalidArgumentError } from "commander";
import { countCustomers, openCampaign } from "../../campaign/index.ts";
import { invalidOption, wrongUse } from "../../core/index.ts";
import { type Baseline, type ExperimentPlan, planExperiment, readBaseline } from "../../experiments/index.ts";
import type { RowReport } from "../../tables/index.ts";
import type { AddCommand } from "../command.ts";
import { wholeNumber } from "../flag-values.ts";
import { EXIT, type Output } from "../output.ts";
import { type KeyFlags, withKeyFlag } from "../privacy-flags.ts";
import { type RefusedFlags, sayRows, withRefusedFlag } from "../row-report.ts";
import { snakeCase } from "../snake-case.ts";

interface PlanFlags extends KeyFlags, RefusedFlags {
  readonly campaign: string;
  readonly outcomes?: readonly string[];
  readonly base?: number;
  readonly effect?: number;
  readonly matched?: number;
  readonly power?: number;
  readonly perDay?: number;
  readonly json?: boolean;
}

/** `lookalike plan`: computes what a campaign's experiment can detect, before it is run. */
export const addPlan: AddCommand = (program, run) => {
  withRefusedFlag(withKeyFlag(program.command("plan")))
    .requiredOption("--campaign <yaml>", "the campaign with its experiment and customers")
    .option("--outcomes <file...>", "past outcomes: customer_id, at, converted, value")
    .option(
      "--base <share>",
      "instead of --outcomes: share of customers who buy within the window without ads",
      share(10),
    )
    .option("--effect <share>", "expected relative effect (default: experiment.worth)", share(10))
    .option("--matched <share>", "share of the matchable customers with a look-alike (default: 1)", share(1))
    .option("--power <share>", "power: probability to detect the effect (default: 0.8)", share(MOST_POWER))
    .option("--per-day <n>", "customers who enter per day (default: all at once)", wholeNumber)
    .option("--json", "print the plan on stdout as JSON")
    .action(async (flags: PlanFlags) =>
      run(flags, async ({ output, signal, env }) => {
        await using opened = await openCampaign(flags.campaign, { keyFile: flags.keyFile, env });
        const { campaign, consents } = opened;
        const counts = await countCustomers(campaign, { consents, at: new Date(), signal });
        let refused = 0;
        const onRows = (report: RowReport) => {
          refused = sayRows(output, report);
        };
        const baseline = await baselineOf(flags, { ...counts, design: campaign.experiment, signal, onRows });
        const { effect, matched, power, perDay } = flags;
        const design = campaign.experiment;
        const plan = planExperiment({ design, baseline, ...counts, effect, matched, power, perDay });
        await output.result(snakeCase({ ...counts, baseline, ...plan }));
        describe(output, plan, { ...counts, baseline });
        return refused > 0 ? EXIT.refused : EXIT.done;
      }),
    );
};

/** No number of customers detects an effect with certainty. */
const MOST_POWER = 0.999;

/** A number above 0, and at most this one. */
const share = (most: number) => (text: string) => {
  const value = Number(text);
  if (value > 0 && value <= most && text.trim() !== "") return value;
  throw new InvalidArgumentError(`Expected a share above 0, at most ${most}, such as 0.02.`);
};

async function baselineOf(
  { outcomes, base }: PlanFlags,
  {
    customers,
    design,
    signal,
    onRows,
  }: {
    readonly customers: number;
    readonly design: Parameters<typeof planExperiment>[0]["design"];
    readonly signal: AbortSignal;
    readonly onRows: (report: RowReport) => void;
  },
): Promise<Baseline> {
  if ((outcomes === undefined) === (base === undefined)) {
    const received = base === undefined ? "neither" : "both";
    throw wrongUse(
      "--outcomes or --base",
      received,
      "Pass --outcomes with past outcomes, or --base with the share of customers who buy without ads, such as --base 0.02",
    );
  }
  if (base !== undefined) {
    if (base < 1 && design.metric === "converted") return { mean: base, variance: base * (1 - base) };
    throw invalidOption(
      "a share below 1 of the metric converted",
      "--base",
      base,
      "Pass past --outcomes: the variance of amounts is needed.",
    );
  }
  const { metric, windowDays } = design;
  return readBaseline({
    ...{ outcomes: outcomes ?? [], customers, metric, windowDays, signal, onRows },
    at: new Date(),
  });
}

function describe(
  output: Output,
  { comparisons, effect, power, isHopeless }: ExperimentPlan,
  { customers, matchable, baseline }: { customers: number; matchable: number; baseline: Baseline },
): void {
  output.say(
    `${customers} customers, ${matchable} with a consent and a portrait; ${baseline.mean.toPrecision(3)} per customer without ads`,
  );
  if (comparisons.length === 0) {
    output.say("The campaign randomises nothing, so no effect can be shown. Add an experiment section.");
  }
  for (const { text, control, arm, smallest, power: chance, needed, days } of comparisons) {
    output.say(`${text}: ${control} against ${arm} customers`);
    for (const reading of ["fixed", "sequence"] as const) {
      const least = smallest[reading];
      const when = days === null ? "" : `, ${days[reading]} days`;
      output.say(
        `  ${reading === "fixed" ? "one look at the end" : "looks at any time"}: smallest effect ${least === null ? "none" : `${(100 * least).toFixed(0)} %`} (power ${power}); an effect of ${(100 * effect).toFixed(0)} % is detected with a power of ${(100 * chance[reading]).toFixed(0)} %, and needs ${needed[reading].toLocaleString("en")} customers${when}`,
      );
    }
  }
  if (isHopeless) {
    output.say(
      "warning: a comparison can only detect effects above 50 %. Use larger shares, more customers or another metric.",
    );
  }
}
