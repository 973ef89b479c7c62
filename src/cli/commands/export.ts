import { dirname, resolve } from "node:path";
import {
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportReport,
  exportAds,
  runFiles,
  type UtmKey,
  type UtmParameters,
  type WrittenFile,
} from "../../handover/index.ts";
import { isPostgresUrl } from "../../io/postgres/index.ts";
import { type ConsentRegistry, findVault } from "../../trust/index.ts";
import type { AddCommand, CommandContext } from "../command.ts";
import { EXIT, type Output } from "../output.ts";
import { recordAction } from "../privacy-files.ts";
import { type KeyFlags, withKeyFlag } from "../privacy-flags.ts";
import { type RefusedFlags, sayRows, withRefusedFlag } from "../row-report.ts";
import { openRunConsents } from "./run-consents.ts";

interface ExportFlags extends KeyFlags, RefusedFlags {
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
  readonly privacy?: string;
  readonly json?: boolean;
}

/** `lookalike export`: writes a finished run's files for the tool that sends its ads. */
export const addExport: AddCommand = (program, run) => {
  withRefusedFlag(withKeyFlag(program.command("export")))
    .requiredOption("--out <dir>", "the folder that `lookalike generate` wrote")
    .requiredOption("--format <name>", EXPORT_FORMATS.join(", "))
    .requiredOption("--base-url <https://...>", "public URL of the folder that creatives/ is uploaded to")
    .option("--to <dir>", "folder for the export (default: exports/ in the run folder)")
    .option("--contacts <file>", "CSV or Parquet with the customers' e-mail addresses")
    .option("--contacts-id <column>", "the contacts' id column (default: customer_id)")
    .option("--contacts-email <column>", "the contacts' address column (default: email)")
    .option("--utm-source <text>", "utm_source of the offers' URLs")
    .option("--utm-medium <text>", "utm_medium")
    .option(
      "--utm-campaign <text>",
      "utm_campaign; {campaign}, {offer} and {ad} are filled in, in all UTM parameters",
    )
    .option("--utm-term <text>", "utm_term")
    .option("--utm-content <text>", "utm_content")
    .option(
      "--privacy <dir>",
      "the folder with the consent registry, which is checked again (default: the run's)",
    )
    .option("--json", "print a summary on stdout as JSON")
    .action(async (flags: ExportFlags) =>
      run(flags, async ({ output, signal, env }) => {
        const vault = await findVault({ keyFile: flags.keyFile, env });
        const consents = await openRunConsents(flags, vault);
        const progress = output.progress("customers");
        try {
          const report = await exportAds({
            out: flags.out,
            // The library checks it and suggests the nearest spelling.
            format: flags.format as ExportFormat,
            baseUrl: flags.baseUrl,
            to: flags.to,
            utm: utmOf(flags),
            contacts: contactsOf(flags),
            stopped: consents?.stopped,
            vault,
            signal,
            onProgress: (decisions) => progress.update(decisions, decisions),
          });
          progress.stop();
          const refused = report.contactRows === null ? 0 : sayRows(output, report.contactRows);
          if (consents !== null) await noteExport(report, flags, { env, registry: consents.registry });
          await output.result(report);
          describe(report, output);
          return refused > 0 ? EXIT.refused : EXIT.done;
        } finally {
          progress.stop();
          consents?.close();
        }
      }),
    );
};

function describe(report: ExportReport, output: Output): void {
  for (const file of report.files) sayFile(file, output);
  const { shownNothing, withoutAddress } = report.leftOut;
  if (shownNothing > 0) output.say(`${shownNothing} customers skipped: they are shown nothing`);
  if (withoutAddress > 0) output.say(`${withoutAddress} customers skipped: no address in the contacts`);
  sayWithheld(report.withheld, output);
  sayUnapproved(report.unapproved, output);
  for (const warning of report.warnings.slice(0, 10)) output.say(`  note: ${warning}`);
  if (report.warnings.length > 10) output.say(`  ... ${report.warnings.length} notes in total`);
}

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

/**
 * Records the export in the audit log next to the registry, where an erasure finds further folders with
 * customers' rows.
 */
function noteExport(
  { format, rows, withheld }: ExportReport,
  flags: ExportFlags,
  { env, registry }: { readonly env: CommandContext["env"]; readonly registry: ConsentRegistry },
): Promise<void> {
  const to = resolve(flags.to ?? runFiles(flags.out).exports);
  const detail = { format, rows, ...withheld, to };
  const { keyFile } = flags;
  // A registry in PostgreSQL has no folder: the log next to the run is used.
  return isPostgresUrl(registry.path)
    ? recordAction("export", detail, { flags: { keyFile }, env, near: flags.out })
    : recordAction("export", detail, { flags: { keyFile, privacy: dirname(registry.path) }, env });
}

function sayUnapproved(unapproved: ExportReport["unapproved"], output: Output): void {
  if (unapproved === null || unapproved.ads === 0) return;
  const { ads, replaced, waiting } = unapproved;
  output.say(
    `${ads} ads wait for approval: ${replaced} customers get the ad with the default photo, ${waiting} get none yet`,
  );
  output.say("  approve them with `lookalike review`");
}

function sayWithheld(withheld: ExportReport["withheld"], output: Output): void {
  if (withheld === null) return;
  const { erased, consentEnded } = withheld;
  if (erased > 0) output.say(`${erased} customers withheld: erased since the run`);
  if (consentEnded > 0) {
    output.say(`${consentEnded} customers withheld: consent to face matching has ended; generate again`);
  }
}

function sayFile({ path, rows, bytes }: WrittenFile, output: Output): void {
  const size = bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  output.say(`${path}${rows > 0 ? `  ${rows.toLocaleString("en")} rows` : ""}  ${size}`);
}
