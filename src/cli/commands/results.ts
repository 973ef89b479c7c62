import { resolve } from "node:path";
import { loadCampaign } from "../../campaign/index.ts";
import { wrongUse } from "../../core/index.ts";
import {
  conclusionWords,
  type ExperimentResults,
  effectWords,
  gateWords,
  headline,
  readResults,
  resultsPage,
  rowWords,
} from "../../experiments/index.ts";
import { hasRecords } from "../../handover/index.ts";
import { writeFileAtomic } from "../../io/files.ts";
import { findVault } from "../../trust/index.ts";
import type { AddCommand } from "../command.ts";
import { wholeNumber } from "../flag-values.ts";
import { momentOption } from "../moment.ts";
import { EXIT, type Output } from "../output.ts";
import { type KeyFlags, withKeyFlag } from "../privacy-flags.ts";
import { type RefusedFlags, sayRows, withRefusedFlag } from "../row-report.ts";
import { snakeCase } from "../snake-case.ts";

interface ResultsFlags extends KeyFlags, RefusedFlags {
  readonly campaign?: string;
  readonly out: readonly string[];
  readonly outcomes?: readonly string[];
  readonly at?: string;
  readonly cluster?: string;
  readonly planned?: number;
  readonly bayes?: boolean;
  readonly html?: string;
  readonly jobs?: number;
  readonly json?: boolean;
}

/** `lookalike results`: evaluates whether a campaign's ads sold more. */
export const addResults: AddCommand = (program, run) => {
  withRefusedFlag(withKeyFlag(program.command("results")))
    .option("--campaign <yaml>", "the campaign, for earlier behaviour (experiment.pre) and customers")
    .requiredOption("--out <dir...>", "the run folders, in order of time")
    .option(
      "--outcomes <file...>",
      "CSV or Parquet: customer_id, at, converted, value, shown_at (default: the service's records)",
    )
    .option("--at <date>", "evaluate the results at this time (default: now)")
    .option("--cluster <column>", "of the customers' file: customers who act together, such as a household")
    .option("--planned <n>", "planned number of customers; keep it constant at every look", wholeNumber)
    .option("--bayes", "add the probability of each arm to be better, and expected losses")
    .option("--html <file>", "write the results as one self-contained page")
    .option("--jobs <n>", "threads (default: the number of cores)", wholeNumber)
    .option("--json", "print the results on stdout as JSON")
    .action(async (flags: ResultsFlags) =>
      run(flags, async ({ output, signal, env }) => {
        const vault = await findVault({ keyFile: flags.keyFile, env });
        const results = await readResults({
          runs: flags.out.map((out) => resolve(out)),
          outcomes: flags.outcomes ?? recordedBy(flags),
          at: flags.at === undefined ? new Date() : momentOption("--at", flags.at),
          ...(await columnsOf(flags)),
          planned: flags.planned,
          bayes: flags.bayes,
          vault,
          resources: { threads: flags.jobs },
          signal,
        });
        const reports = [results.rows.report, results.columnRows];
        const refused = reports.reduce((sum, report) => sum + sayRows(output, report), 0);
        if (flags.html !== undefined) {
          const head = {
            title: `Results of ${results.experiment}`,
            subtitle: `${results.campaign}, read on ${results.at.slice(0, 10)}`,
            createdAt: new Date().toISOString(),
          };
          await writeFileAtomic(flags.html, await resultsPage(head, results));
          output.say(`Results written to ${flags.html}`);
        }
        await output.result(snakeCase(results));
        describe(output, results);
        return results.isHealthy && refused === 0 ? EXIT.done : EXIT.refused;
      }),
    );
};

/** @throws ERR_OPTION_INVALID no run has records */
function recordedBy({ out }: ResultsFlags): null {
  if (out.some((run) => hasRecords(resolve(run)))) return null;
  throw wrongUse(
    "--outcomes",
    "none",
    "No outcomes were reported to `lookalike serve` for this run: name a file of outcomes.",
  );
}

/** The sources of the customers' own columns. */
async function columnsOf({ campaign: path, cluster }: ResultsFlags) {
  if (path === undefined) {
    if (cluster === undefined) return {};
    throw wrongUse(
      "--campaign beside --cluster",
      "none",
      "Pass --campaign campaign.yaml: the column is in the campaign's customers' file.",
    );
  }
  const { inputs, experiment } = await loadCampaign(path);
  const { pre } = experiment;
  const { path: file, columns } = inputs.customers;
  const customers = { path: file, idColumn: columns.customer_id ?? undefined };
  const ofPre = pre?.path == null ? customers : { path: pre.path };
  return {
    pre: pre && { ...ofPre, column: pre.column },
    cluster: cluster === undefined ? null : { ...customers, column: cluster },
  };
}

function describe(output: Output, results: ExperimentResults): void {
  const { headline: first, sentences } = headline(results);
  output.say(first);
  for (const sentence of sentences) output.say(`  ${sentence}`);
  output.say(rowWords(results));
  for (const gate of results.gates) {
    if (gate.status !== "ok")
      output.say(`${gateWords(gate)}: ${gate.status.replace("_", " ")}: ${gate.detail}`);
  }
  for (const own of results.comparisons) {
    const { question, difference, conclusion } = own;
    const effect =
      difference === null
        ? ""
        : effectWords(own, difference.value, difference[results.design.reading], results.currency);
    output.say(`${question.text} [${question.metric}]: ${effect}: ${conclusionWords(conclusion)}`);
  }
}
