import { invalidOption, LookalikeError } from "../../core/index.ts";
import { readManifest } from "../../handover/index.ts";
import { findFiles, openLedger, type RowReport } from "../../tables/index.ts";
import type { ExperimentDesign } from "../design.ts";
import { createCap } from "../outcomes/cells.ts";
import type { OutcomeRows } from "../outcomes/events.ts";
import { type OpenOutcomesOptions, openOutcomes } from "../outcomes/open.ts";
import { type AddedColumn, addColumn } from "./columns.ts";
import { type Comparison, LAYERS } from "./compare.ts";
import { compareAll } from "./compare-all.ts";
import type { Gate } from "./gate.ts";
import { checkGates } from "./gates.ts";
import { questionsOf } from "./questions.ts";
import { type Concluded, concludeLayer } from "./verdict.ts";

export interface ReadResultsOptions extends OpenOutcomesOptions {
  /** Behaviour from before the campaign: a column of a table of customers. */
  readonly pre?: AddedColumn | undefined;
  /** Column that groups customers who were drawn or act together, in a table of customers. */
  readonly cluster?: AddedColumn | undefined;
  /**
   * Customers that the experiment is planned for; default: those of the first run. It must not change between looks.
   */
  readonly planned?: number | undefined;
  /** Whether to add the probability of being better and expected losses; default false. */
  readonly bayes?: boolean | undefined;
}

export interface ExperimentResults {
  readonly experiment: string;
  readonly campaign: string;
  readonly currency: string;
  readonly design: ExperimentDesign;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly customers: {
    readonly assigned: number;
    /** Customers whose window has ended: only they count. */
    readonly counted: number;
    /** Customers whose window is still open. */
    readonly pending: number;
    /** ISO date of the last window's end. */
    readonly complete: string | null;
  };
  readonly rows: OutcomeRows;
  /** The report on the rows of the tables of earlier behaviour and of clusters. */
  readonly columnRows: RowReport;
  readonly gates: readonly Gate[];
  readonly isHealthy: boolean;
  /** The primary comparison of each layer first. */
  readonly comparisons: readonly Concluded[];
  /** The value that winsorised values are capped at; null: they are not capped. */
  readonly cap: number | null;
  readonly hasPre: boolean;
  readonly isClustered: boolean;
  /**
   * Shares differed between runs or customers: each customer is weighted by the inverse of the probability of their
   * arm.
   */
  readonly hasMovedShares: boolean;
}

/**
 * Reads an experiment's outcomes: checks whether it ran as designed, then compares the arms of every layer. Customers
 * count in the arm that they were assigned to (intention to treat), once their window has ended. Memory hardly grows
 * with the number of customers and rows.
 *
 * @throws ERR_RUN_UNREADABLE a folder without a finished run, or without an experiment
 * @throws ERR_OPTION_INVALID runs of different experiments, an invalid date
 * @throws ERR_COLUMN_MISSING, ERR_SOURCE_NOT_FOUND, ERR_SOURCE_EMPTY, ERR_ABORTED
 *
 * @example
 * const results = await readResults({ runs: ["ads"], outcomes: "outcomes.csv", at: new Date() });
 * console.log(headline(results).headline);
 */
export async function readResults(options: ReadResultsOptions): Promise<ExperimentResults> {
  const { at } = options;
  await checkRuns(options);
  const { pre = null, cluster = null } = options;
  const extra = await Promise.all([pre, cluster].map((part) => (part ? findFiles(part.path) : [])));
  const ledger = openLedger();
  const { database, units, form, rows } = await openOutcomes(options, extra.flat(), async (opened) => {
    await addColumn(opened, "x", pre, ledger);
    await addColumn(opened, "cluster", cluster, ledger);
  });
  try {
    const { design } = units;
    const hasPre = pre !== null;
    const isClustered = cluster !== null;
    const cap = form.hasValue ? await createCap(database, design.winsorise) : null;
    const gates = await checkGates(database, units, form, hasPre);
    // An error in one layer often affects the others.
    const failedGate = gates.find(({ status }) => status === "failed")?.id ?? null;
    const [sizes = {}] = await database.all(
      `SELECT count(*) AS assigned, count_if(is_ripe) AS counted, count_if(run = 0) AS first, max(closes) AS closes FROM results`,
    );
    const assigned = Number(sizes.assigned ?? 0);
    const sets = await questionsOf(database, design, form.hasValue);
    const found = await compareAll(database, sets, {
      ...{ isClustered, hasPre, hasMovedShares: units.hasMovedShares },
      first: Number(sizes.first),
      planned: options.planned,
      withBayes: options.bayes === true,
    });
    const planned = new Map(found.map(({ comparison, planned }) => [comparison.question, planned]));
    const context = {
      design,
      at,
      failedGate,
      planned: ({ question }: Comparison) => planned.get(question) ?? 2,
    };
    const comparisons = LAYERS.flatMap((layer) =>
      concludeLayer(
        found.flatMap(({ comparison }) => (comparison.question.layer === layer ? [comparison] : [])),
        context,
      ),
    );
    const counted = Number(sizes.counted ?? 0);
    return {
      experiment: design.name,
      campaign: units.campaign,
      currency: units.currency,
      design,
      at: at.toISOString(),
      customers: {
        assigned,
        counted,
        pending: assigned - counted,
        complete:
          sizes.closes == null ? null : new Date(Number(sizes.closes) * 1000).toISOString().slice(0, 10),
      },
      rows,
      columnRows: ledger.report,
      gates,
      isHealthy: gates.every(({ status }) => status !== "failed"),
      comparisons: comparisons.sort((a, b) => Number(b.question.isPrimary) - Number(a.question.isPrimary)),
      cap,
      hasPre,
      isClustered,
      hasMovedShares: units.hasMovedShares,
    };
  } finally {
    await database.close();
  }
}

async function checkRuns({ runs, at }: ReadResultsOptions): Promise<void> {
  if (runs.length === 0 || Number.isNaN(at.getTime())) {
    throw invalidOption(
      "at least one run and a valid date",
      "results",
      runs.length === 0 ? "no run" : "another date",
    );
  }
  const designs = new Set<string>();
  for (const run of runs) {
    const { experiment } = await readManifest(run);
    if (experiment === undefined) {
      throw new LookalikeError(
        "ERR_RUN_UNREADABLE",
        `Expected an experiment in the run ${run} but it records none`,
        {
          hint: "Generate again with this version, which records assignments.",
        },
      );
    }
    const { holdout, explore, exploreShares, personal, faces, copy, template, ...design } = experiment;
    const names = [faces, copy, template].map((arms) => arms?.map(({ share: ___, ...arm }) => arm) ?? null);
    designs.add(JSON.stringify([design, names]));
  }
  if (designs.size > 1) {
    throw invalidOption(
      "runs of one design",
      "the runs",
      `${designs.size} designs`,
      "Read runs of different experiments on their own: only the shares of the arms may differ between the runs of one.",
    );
  }
}
