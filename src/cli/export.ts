import {
  EXPORT_FORMATS,
  type ExportFormat,
  exportAds,
  type UtmKey,
  type UtmParameters,
  type WrittenFile,
} from "../ads/index.ts";
import { findVault } from "../vault.ts";
import type { AddCommand } from "./command.ts";
import { EXIT, type Output } from "./output.ts";
import { type KeyFlags, withKeyFlag } from "./privacy-files.ts";

interface ExportFlags extends KeyFlags {
  readonly out: string;
  readonly format: string;
  readonly baseUrl: string;
  readonly to?: string;
  readonly contacts?: string;
  readonly contactsId?: string;
  readonly contactsEmail?: string;
  readonly utmSource?: string;
  readonly utmMedium?: string;
  readonly utmCampaign?: string;
  readonly utmTerm?: string;
  readonly utmContent?: string;
  readonly json?: boolean;
}

/** `lookalike export`: hand a finished run over to the tool that sends it. */
export const addExport: AddCommand = (program, run) => {
  withKeyFlag(
    program
      .command("export")
      .description("hand a finished run over to a marketing tool, in the tool's own columns"),
  )
    .requiredOption("--out <dir>", "the folder that `lookalike generate` wrote")
    .requiredOption("--format <name>", EXPORT_FORMATS.join(", "))
    .requiredOption("--base-url <https://...>", "public address of the folder that creatives/ is uploaded to")
    .option("--to <dir>", "where the export goes (default: exports/ in the run's folder)")
    .option("--contacts <file>", "CSV or Parquet with the customers' e-mail addresses")
    .option("--contacts-id <column>", "its column with the customer's id (default: customer_id)")
    .option("--contacts-email <column>", "its column with the address (default: email)")
    .option("--utm-source <text>", "utm_source of the offers' addresses")
    .option("--utm-medium <text>", "utm_medium")
    .option(
      "--utm-campaign <text>",
      "utm_campaign; {campaign}, {offer} and {ad} are filled in, in all of these",
    )
    .option("--utm-term <text>", "utm_term")
    .option("--utm-content <text>", "utm_content")
    .option("--json", "print a summary on stdout as JSON")
    .action(async (flags: ExportFlags) =>
      run(flags, async ({ output, signal, env }) => {
        const progress = output.progress("customers");
        try {
          const report = await exportAds({
            out: flags.out,
            // The library checks it and knows the nearest spelling.
            format: flags.format as ExportFormat,
            baseUrl: flags.baseUrl,
            to: flags.to,
            utm: utmOf(flags),
            contacts: contactsOf(flags),
            vault: await findVault({ keyFile: flags.keyFile, env }),
            signal,
            onProgress: (decisions) => progress.update(decisions, decisions),
          });
          progress.stop();
          await output.result(report);
          for (const file of report.files) sayFile(file, output);
          const { shownNothing, withoutAddress } = report.leftOut;
          if (shownNothing > 0) output.say(`${shownNothing} customers left out: they are shown nothing`);
          if (withoutAddress > 0)
            output.say(`${withoutAddress} customers left out: no address in the contacts`);
          for (const warning of report.warnings.slice(0, 10)) output.say(`  note: ${warning}`);
          if (report.warnings.length > 10) output.say(`  ... ${report.warnings.length} notes in all`);
          return EXIT.done;
        } finally {
          progress.stop();
        }
      }),
    );
};

function utmOf(flags: ExportFlags): UtmParameters {
  const utm: Record<UtmKey, string | undefined> = {
    source: flags.utmSource,
    medium: flags.utmMedium,
    campaign: flags.utmCampaign,
    term: flags.utmTerm,
    content: flags.utmContent,
  };
  return utm;
}

function contactsOf({ contacts, contactsId, contactsEmail }: ExportFlags) {
  return contacts === undefined
    ? undefined
    : { path: contacts, idColumn: contactsId, emailColumn: contactsEmail };
}

function sayFile({ path, rows, bytes }: WrittenFile, output: Output): void {
  const size = bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  output.say(`${path}${rows > 0 ? `  ${rows.toLocaleString("en")} rows` : ""}  ${size}`);
}
