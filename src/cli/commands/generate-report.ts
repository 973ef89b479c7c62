import type { GenerateReport } from "../../campaign/index.ts";
import { LookalikeError } from "../../core/index.ts";
import { runFiles } from "../../handover/index.ts";
import type { Output } from "../output.ts";
import { sayRows } from "../row-report.ts";

/** The report of `lookalike generate` on a finished run. */

/** Lists the customers who were left out, with the reason. */
export function refuseInputs({ rows, unknownCustomers }: GenerateReport, output: Output): void {
  sayRows(output, rows);
  for (const id of unknownCustomers) {
    output.refuse(
      `--customer ${id}`,
      new LookalikeError(
        "ERR_CUSTOMER_UNKNOWN",
        `Expected a customer of the campaign but found none of id "${id}"`,
      ),
    );
  }
}

/** The summary of a run as text. */
export function summarise(
  report: GenerateReport,
  out: string,
  { output, seconds }: { readonly output: Output; readonly seconds: number },
): void {
  const { decisions, resumed, lookalikes, heldOut, ads } = report;
  const rate = seconds > 0 ? ` (${((decisions - resumed) / seconds).toFixed(1)}/s)` : "";
  output.say(`${count(decisions, "customer")} decided in ${seconds.toFixed(1)} s${rate}`);
  if (resumed > 0) output.say(`  ${resumed} of them in the interrupted run before`);
  for (const [offer, number] of byCount(report.offers)) {
    const note = offer === "none" ? `, ${heldOut} of them in the holdout` : "";
    output.say(`  ${offer}: ${count(number, "customer")}${note}`);
  }
  if (report.erased > 0) output.say(`  ${count(report.erased, "customer")} skipped: erased`);
  output.say(`${count(lookalikes, "look-alike photo")}; the default photo for others:`);
  for (const [why, number] of byCount(report.defaults))
    output.say(`  ${why.replaceAll("_", " ")}: ${number}`);
  if (report.byDistance > 0) {
    output.say(
      `  note: ${count(report.byDistance, "photo")} chosen by distance, without resemblance: index the photos again with this version`,
    );
  }
  if (report.ownDefaults > 0)
    output.say(
      `  no ad for ${count(report.ownDefaults, "customer")}: the default photo is their own picture`,
    );
  if (report.defaults.has("consent_insufficient")) {
    output.say(
      "  note: a bare date does not meet the local law: import records with `lookalike consent import`, or, on your own responsibility, set privacy.crm_consent to accept",
    );
  }
  output.say(`${count(ads, "distinct ad")} in ${runFiles(out).creatives}`);
  for (const { channel, message } of report.warnings.slice(0, 5))
    output.say(`  note: ${channel}: ${message}`);
  if (report.warnings.length > 5) output.say(`  ... ${report.warnings.length} notes in total`);
  for (const offer of report.unjudgedOffers) {
    output.say(`  note: the model has no data about ${offer}: it is never shown`);
  }
  output.say(`Decisions written to ${runFiles(out).decisions}; check the ads in ${runFiles(out).proof}`);
}

function byCount(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort((a, b) => b[1] - a[1]);
}

export function count(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
