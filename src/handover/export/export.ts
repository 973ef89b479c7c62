import { existsSync } from "node:fs";
import { LookalikeError, throwIfAborted } from "../../core/index.ts";
import type { Vault } from "../../trust/index.ts";
import { readDecisions } from "../decisions/log.ts";
import { type RunManifest, readManifest } from "../manifest.ts";
import { adHash } from "../records/approvals.ts";
import { openRecords } from "../records/store.ts";
import { runFiles } from "../run-folder.ts";
import type { Decision } from "../types.ts";
import { checkBaseUrl, checkUtm, type UtmParameters } from "./address.ts";
import { type ApprovalFilter, createApprovalFilter, findDefaults } from "./approved.ts";
import { createFindings, type Findings } from "./check.ts";
import { type ContactsSource, openContacts } from "./contacts.ts";
import { exportCustomers } from "./customers.ts";
import { withFile } from "./file.ts";
import { roundedPrices } from "./price.ts";
import { exportPublic } from "./public.ts";
import { createRowMaker } from "./rows.ts";
import { writeSnippet } from "./snippet.ts";
import { findExportTool } from "./tools/index.ts";
import type { ExportFormat } from "./types.ts";
import { type ConsentFilter, createConsentFilter, type StoppedCustomers } from "./withheld.ts";
import type { ExportReport } from "./work.ts";

export interface ExportOptions {
  /** The output folder of a finished run. */
  readonly out: string;
  readonly format: ExportFormat;
  /** The https:// address of the folder that `creatives/` is uploaded to. */
  readonly baseUrl: string;
  /** Folder of the exported files; default `exports/` in the run's folder. */
  readonly to?: string | undefined;
  readonly utm?: UtmParameters | undefined;
  /** Customers' e-mail addresses, for tools that identify people by them; customers without one are skipped. */
  readonly contacts?: ContactsSource | undefined;
  /**
   * Returns customers who may no longer be used. It is called right before their rows are written. Erased
   * customers are skipped, and so are those whose consent has ended if their face chose the photo. Required
   * if the run used a consent registry.
   */
  readonly stopped?: StoppedCustomers | undefined;
  /** Decrypts encrypted decisions. */
  readonly vault?: Vault | null | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called at intervals with the number of decisions read. */
  readonly onProgress?: ((decisions: number) => void) | undefined;
}

/**
 * Exports a finished run for a marketing tool: one file (or several, if the tool limits their size) in the tool's own
 * columns, and for mail tools a message template that uses them. Every value is checked against the tool's rules, and
 * all problems are reported at once. Files appear only if there are no problems.
 *
 * Feeds for Meta and Google have one row per distinct ad and contain no customer data.
 *
 * @throws ERR_OPTION_INVALID, ERR_RUN_UNREADABLE, ERR_CONSENTS_REQUIRED before anything is read
 * @throws ERR_EXPORT_INVALID values that the tool does not accept, each with its row and column
 * @throws ERR_EXPORT_PERSONAL_DATA a name, identifier or trait in a public feed or a UTM parameter
 * @throws ERR_OUTPUT_UNWRITABLE, ERR_ABORTED, and errors of reading the contacts
 *
 * @example
 * const { files } = await exportAds({
 *   out: "ads",
 *   format: "mailchimp",
 *   baseUrl: "https://cdn.example.com/spring/",
 *   utm: { source: "mailchimp", medium: "email", campaign: "{campaign}", content: "{offer}" },
 *   contacts: { path: "contacts.csv" },
 * });
 */
export async function exportAds(options: ExportOptions): Promise<ExportReport> {
  const { out, utm = {}, signal, contacts: source } = options;
  const tool = findExportTool(options.format);
  const base = checkBaseUrl(options.baseUrl);
  checkUtm(utm);
  throwIfAborted(signal);
  const run = await readManifest(out);
  const consents = createConsentFilter(consentsOf(run, options.stopped));
  const to = options.to ?? runFiles(out).exports;
  const findings = createFindings(tool);
  const vault = options.vault ?? null;
  const approvals = await approvalsOf(run, out, vault);
  const shared = {
    out,
    rows: createRowMaker(run, { base, utm }),
    findings,
    consents: { ...consents, keep: (batch: readonly Decision[]) => approvals.keep(consents.keep(batch)) },
    vault,
    signal,
    onProgress: options.onProgress ?? (() => {}),
  };
  if (tool.audience === "public") {
    for (const note of roundedPrices(run.offers, run.currency)) findings.warn("price", note);
    const columns = tool.columns(run);
    const { files } = await withFile(tool, columns, { to, findings }, (write) =>
      exportPublic({ ...shared, tool, columns, write }),
    );
    return reportOf(
      { findings, consents, approvals },
      {
        format: options.format,
        files,
        leftOut: { shownNothing: 0, withoutAddress: 0 },
        contactRows: null,
      },
    );
  }
  const contacts = source === undefined ? null : await openContacts(source);
  try {
    if (contacts !== null && contacts.shared > 0) {
      findings.warn(
        "contacts",
        `${contacts.shared} addresses belong to several customers; the last customer's ad is used`,
      );
    }
    if (contacts !== null && contacts.several > 0) {
      findings.warn(
        "contacts",
        `${contacts.several} customers have several addresses; the first one is used`,
      );
    }
    const columns = tool.columns(run);
    const { files, result } = await withFile(tool, columns, { to, findings }, (write) =>
      exportCustomers({ ...shared, tool, columns, write }, { contacts, utm, run }),
    );
    const snippet = tool.tags === null ? [] : await writeSnippet(to, { tool, tags: tool.tags, run });
    return reportOf(
      { findings, consents, approvals },
      {
        ...{ format: options.format, files: [...files, ...snippet], leftOut: result },
        contactRows: contacts?.rows ?? null,
      },
    );
  } finally {
    await contacts?.close();
  }
}

function reportOf(
  {
    findings,
    consents,
    approvals,
  }: {
    readonly findings: Findings;
    readonly consents: ConsentFilter;
    readonly approvals: ApprovalFilter;
  },
  written: Pick<ExportReport, "format" | "files" | "leftOut" | "contactRows">,
): ExportReport {
  const rows = written.files.reduce((sum, file) => sum + file.rows, 0);
  const { unapproved } = approvals;
  return { ...written, rows, withheld: consents.withheld, unapproved, warnings: findings.warnings };
}

/** Applies the run's policy to unapproved ads, with the current approvals. */
async function approvalsOf(run: RunManifest, out: string, vault: Vault | null): Promise<ApprovalFilter> {
  const { approval = "none" } = run.policy;
  if (approval === "none") return createApprovalFilter(null);
  const records = openRecords(out, { vault });
  try {
    const approved = new Set(
      [...records.reviews.standings("ad")].flatMap(([hash, { state }]) =>
        state === "approved" ? [hash] : [],
      ),
    );
    const isApproved = (creatives: Decision["creatives"]) => approved.has(adHash(creatives));
    const words = new Map(run.offers.map(({ id, copy }) => [id, JSON.stringify(copy)]));
    const decisions = readDecisions(runFiles(out).decisions, vault);
    const defaults = await findDefaults(decisions, isApproved, words);
    return createApprovalFilter({ isApproved, policy: approval, defaults });
  } finally {
    records.close();
  }
}

/** A run that used a consent registry is never exported without checking it again. */
function consentsOf(
  { consents }: RunManifest,
  stopped: StoppedCustomers | undefined,
): StoppedCustomers | null {
  if (stopped !== undefined) return stopped;
  if (!consents) return null;
  // The run had no registry, and none was created since.
  if (consents.id === null && !existsSync(consents.file)) return null;
  throw new LookalikeError(
    "ERR_CONSENTS_REQUIRED",
    `Expected the consent registry that the run used, ${consents.file}, but received none`,
    { hint: "Pass its `stopped`, or pass its folder with --privacy." },
  );
}
