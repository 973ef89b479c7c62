import { type Command, Option } from "commander";
import {
  type IdLookup,
  loadRules,
  lookUpCustomer,
  sweepNetwork,
  withdrawConsent,
} from "../../campaign/index.ts";
import { canonicalId, nearestSpelling } from "../../core/index.ts";
import { findKnownRuns } from "../../handover/index.ts";
import {
  CONSENT_COLUMNS,
  type ConsentImportReport,
  type ConsentMapping,
  type ConsentRegistry,
  type KeptConsent,
  PURPOSES,
  type Purpose,
} from "../../trust/index.ts";
import { columnMap } from "../column-map.ts";
import type { AddCommand, Runner } from "../command.ts";
import { EXIT, type Output } from "../output.ts";
import { withPrivacyFiles } from "../privacy-files.ts";
import { type PrivacyFlags, withPrivacyFlags } from "../privacy-flags.ts";
import { type RefusedFlags, sayRows, withRefusedFlag } from "../row-report.ts";
import { addMove } from "./consent-move.ts";

interface ConsentFlags extends PrivacyFlags {
  readonly purpose?: Purpose;
  readonly json?: boolean;
}

interface ImportFlags extends PrivacyFlags, RefusedFlags {
  readonly map?: ConsentMapping;
  readonly json?: boolean;
}

/** `lookalike consent`: records, imports and lists consents and withdrawals. */
export const addConsent: AddCommand = (program, run) => {
  const consent = program.command("consent");
  addImport(consent, run);
  addList(consent, run);
  addWithdraw(consent, run);
  addMove(consent, run);
};

function addImport(consent: Command, run: Runner): void {
  withPrivacyFlags(
    withRefusedFlag(consent.command("import"))
      .description("import consent records; importing the same file twice changes nothing")
      .argument("<file>", "CSV, Parquet or JSON file, folder or glob; docs/privacy.md lists the columns"),
  )
    .option(
      "--map <ours=theirs>",
      "column names, as ours=theirs, for each column with another name",
      columnMap(CONSENT_COLUMNS, "customer_id=msisdn"),
    )
    .option("--json", "print the report on stdout as JSON")
    .action(async (file: string, flags: ImportFlags) =>
      run(flags, ({ output, signal, env }) =>
        withPrivacyFiles(
          flags,
          env,
          async ({ consents, audit, vault }) => {
            const report = await consents.import(file, { at: new Date(), mapping: flags.map, signal });
            await sweepNetwork({ consents, audit, vault, at: new Date() });
            const { imported, unchanged, rows } = report;
            audit.append("consent.import", { detail: { imported, unchanged, refused: rows.refused } });
            await reportImport(report, output);
            return rows.refused > 0 ? EXIT.refused : EXIT.done;
          },
          "made",
        ),
      ),
    );
}

async function reportImport(
  { imported, unchanged, rows }: ConsentImportReport,
  output: Output,
): Promise<void> {
  sayRows(output, rows);
  output.say(`${imported} consents imported, ${unchanged} unchanged, ${rows.refused} rejected`);
  await output.result({ imported, unchanged, refused: rows.refused, refusals: rows.refusals });
}

function addList(consent: Command, run: Runner): void {
  withPrivacyFlags(
    consent
      .command("list")
      .description("list the records of one customer, or of all")
      .argument("[customer]", "a customer's id"),
  )
    .option("--json", "print the records on stdout as JSON Lines")
    .action(async (customer: string | undefined, flags: ConsentFlags) =>
      run(flags, ({ output, env, signal }) =>
        withPrivacyFiles(
          flags,
          env,
          async ({ consents, audit }) => {
            audit.append("consent.read", { customerId: customer });
            for (const record of customer === undefined ? consents.all() : consents.of(customer)) {
              signal.throwIfAborted();
              if (!output.json) output.say(describe(record));
              await output.result(toJson(record));
            }
            if (customer !== undefined) await listStanding(customer, consents, output);
            const { records, customers, withdrawals, erased } = consents.stats();
            output.say(
              `${records} records of ${customers} customers, ${withdrawals} withdrawals, ${erased} erased customers`,
            );
            return EXIT.done;
          },
          "found",
        ),
      ),
    );
}

/** Withdrawals also apply to people without a record, and an erasure leaves no record. */
async function listStanding(customer: string, consents: ConsentRegistry, output: Output): Promise<void> {
  const { withdrawals, erasedAt } = consents.standing(customer);
  const shown = new Set(
    consents.of(customer).flatMap(({ purpose, withdrawnAt }) => (withdrawnAt === null ? [] : [purpose])),
  );
  for (const { purpose, at } of withdrawals) {
    if (shown.has(purpose)) continue;
    if (!output.json) output.say(`${customer}  ${purpose}  withdrawn ${at.toISOString()}`);
    await output.result({ customer_id: customer, purpose, withdrawn_at: at });
  }
  if (erasedAt !== null) {
    if (!output.json) output.say(`${customer}  erased ${erasedAt.toISOString()}`);
    await output.result({ customer_id: customer, erased_at: erasedAt });
  }
  if (withdrawals.length > 0 || erasedAt !== null || consents.of(customer).length > 0) return;
  const nearest = nearestSpelling(canonicalId(customer), consents.ids());
  output.say(
    `The registry has no record of "${customer}".${nearest === null ? "" : ` Did you mean ${nearest}?`}`,
  );
}

function addWithdraw(consent: Command, run: Runner): void {
  withPrivacyFlags(
    consent
      .command("withdraw")
      .description("withdraw a customer's consent, from now on")
      .argument("<customer>", "the customer's id"),
  )
    .addOption(new Option("--purpose <name>", "only this purpose (default: all)").choices(PURPOSES))
    .option("--json", "print the outcome on stdout as JSON")
    .action(async (customer: string, flags: ConsentFlags) =>
      run(flags, ({ output, env, signal }) =>
        withPrivacyFiles(flags, env, async ({ consents, audit, vault }) => {
          const at = new Date();
          const campaign = flags.campaign === undefined ? undefined : await loadRules(flags.campaign);
          const { outs } = findKnownRuns(audit, []);
          const known = await withdrawConsent(customer, {
            ...{ consents, audit, vault, at },
            purpose: flags.purpose,
          });
          const sources = { consents: withoutWithdrawal(consents, customer), campaign, outs, vault, signal };
          const found = known ? { isKnown: true, nearest: null } : await lookUpCustomer(customer, sources);
          output.say(describeWithdrawal(customer, known, found));
          output.say("Existing ads stay until `lookalike erase` removes them.");
          await output.result({
            withdrawn_at: at.toISOString(),
            known,
            found: found.isKnown,
            nearest: found.nearest,
          });
          return EXIT.done;
        }),
      ),
    );
}

function describeWithdrawal(customer: string, isRegistered: boolean, { isKnown, nearest }: IdLookup): string {
  if (isRegistered) return "Withdrawn. No face of this customer is computed from now on.";
  if (isKnown)
    return "Withdrawn. The registry has no consent of this customer; a date in the customers' file no longer counts.";
  const meant = nearest === null ? "Check the id." : `Did you mean ${nearest}? Then withdraw that one too.`;
  return `Withdrawn, but "${customer}" was not found in any source. ${meant}`;
}

/** The registry without the withdrawal that was just recorded, which does not count as a record. */
function withoutWithdrawal(consents: ConsentRegistry, customer: string): ConsentRegistry {
  const own = canonicalId(customer);
  return {
    ...consents,
    *ids() {
      for (const id of consents.ids()) if (id !== own || consents.of(id).length > 0) yield id;
    },
  };
}

function describe(record: KeptConsent): string {
  const { customerId, purpose, method, givenAt, jurisdiction } = record;
  const notice = record.notice === null ? "no notice" : `notice ${record.notice}`;
  return `${customerId}  ${purpose}  ${givenAt.toISOString()}  ${method}, ${notice}, ${jurisdiction ?? "no jurisdiction"}, ${describeEnd(record)}`;
}

function describeEnd({ withdrawnAt, expiresAt }: KeptConsent): string {
  if (withdrawnAt !== null) return `withdrawn ${withdrawnAt.toISOString()}`;
  return expiresAt === null ? "no end" : `until ${expiresAt.toISOString()}`;
}

function toJson(record: KeptConsent): unknown {
  return {
    customer_id: record.customerId,
    purpose: record.purpose,
    notice_version: record.notice,
    given_at: record.givenAt,
    method: record.method,
    expires_at: record.expiresAt,
    jurisdiction: record.jurisdiction,
    withdrawn_at: record.withdrawnAt,
  };
}
