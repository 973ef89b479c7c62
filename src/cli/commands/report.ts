import { basename } from "node:path";
import { campaignSources, loadCampaign } from "../../campaign/index.ts";
import { wrongUse } from "../../core/index.ts";
import { openCustomers, readSwitchTable } from "../../customers/index.ts";
import { writeFileAtomic } from "../../io/files.ts";
import {
  type SwitchingReport,
  switchingFromCounts,
  switchingFromTransitions,
  switchingPage,
} from "../../offers/index.ts";
import type { AddCommand } from "../command.ts";
import { EXIT, type Output } from "../output.ts";
import { type RefusedFlags, sayRows, withRefusedFlag } from "../row-report.ts";
import { snakeCase } from "../snake-case.ts";
import { addNetworkReport } from "./report-network.ts";

interface SwitchingFlags extends RefusedFlags {
  readonly campaign?: string;
  readonly switches?: string;
  readonly from?: string;
  readonly to?: string;
  readonly count?: string;
  readonly html?: string;
  readonly json?: boolean;
}

/** `lookalike report ...`: reports on the logs, without a model. */
export const addReport: AddCommand = (program, run) => {
  const parent = program.command("report");
  addNetworkReport(parent, run);
  withRefusedFlag(parent.command("switching"))
    .description("measure loyalty and switching between manufacturers, with intervals and lift")
    .option("--campaign <yaml>", "a campaign with call or usage logs")
    .option("--switches <file>", "counts from one manufacturer to another: CSV or Parquet")
    .option("--from <column>", "of the switches: the manufacturer before (default: previous or from)")
    .option("--to <column>", "of the switches: the manufacturer now (default: current, next or to)")
    .option(
      "--count <column>",
      "of the switches: number of customers (default: respondents, customers, count, else 1 per row)",
    )
    .option("--html <file>", "write the report as one self-contained page")
    .option("--json", "print the report on stdout as JSON")
    .action(async (flags: SwitchingFlags) =>
      run(flags, async ({ output, signal }) => {
        const { report, refused } = await readReport(flags, output, signal);
        await output.result(snakeCase(report));
        describe(output, report);
        if (flags.html !== undefined) {
          const source = basename(flags.switches ?? flags.campaign ?? "");
          const head = {
            title: "Loyalty and switching",
            subtitle: source,
            createdAt: new Date().toISOString(),
          };
          await writeFileAtomic(flags.html, await switchingPage(head, report));
          output.say(`Report written to ${flags.html}`);
        }
        return refused > 0 ? EXIT.refused : EXIT.done;
      }),
    );
};

interface ReadReport {
  readonly report: SwitchingReport;
  /** Number of rows that were left out. */
  readonly refused: number;
}

async function readReport(flags: SwitchingFlags, output: Output, signal: AbortSignal): Promise<ReadReport> {
  const { campaign: path, switches, from, to, count } = flags;
  if ((path === undefined) === (switches === undefined)) {
    const received = path === undefined ? "neither" : "both";
    throw wrongUse("--campaign or --switches", received);
  }
  if (switches !== undefined) {
    const table = await readSwitchTable(switches, { from, to, count });
    const refused = sayRows(output, table.report);
    return { report: switchingFromCounts(table.counts), refused };
  }
  const campaign = await loadCampaign(path ?? "");
  const customers = await openCustomers({ ...campaignSources(campaign), signal });
  try {
    const refused = customers.logReport === null ? 0 : sayRows(output, customers.logReport);
    const transitions = await customers.transitions({ empty: "refuse", signal });
    return { report: switchingFromTransitions(transitions), refused };
  } finally {
    await customers.close();
  }
}

function describe(output: Output, { customers, rows, loyalty, stays }: SwitchingReport): void {
  const names = rows[0]?.next.map(({ manufacturer }) => manufacturer) ?? [];
  const widths = names.map((name) => Math.max(6, name.length + 2));
  const first = Math.max(12, ...rows.map(({ manufacturer }) => manufacturer.length + 2));
  output.say(
    `${customers} choices, ${percent(loyalty.value)} % stay${stays === "unchanged" ? " (changed nothing)" : ""}. Per cent of the choices after each manufacturer:`,
  );
  const head = names.map((name, i) => name.padStart(widths[i] as number)).join("");
  output.say(`${"".padEnd(first)}${"choices".padStart(10)}${"loyalty (95 %)".padStart(22)}${head}`);
  for (const { manufacturer, customers: own, loyalty: rate, next } of rows) {
    const interval = `${percent(rate.value)} (${percent(rate.low)} to ${percent(rate.high)})`;
    const shares = next.map(({ share }, i) => percent(share.value).padStart(widths[i] as number)).join("");
    output.say(`${manufacturer.padEnd(first)}${String(own).padStart(10)}${interval.padStart(22)}${shares}`);
  }
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
