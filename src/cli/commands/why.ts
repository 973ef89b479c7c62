import { existsSync } from "node:fs";
import { explainDecision, loadRules, privacyNotice } from "../../campaign/index.ts";
import { canonicalId, LookalikeError } from "../../core/index.ts";
import { readDecisions, runFiles } from "../../handover/index.ts";
import { findVault } from "../../trust/index.ts";
import type { AddCommand } from "../command.ts";
import { EXIT } from "../output.ts";
import { recordAction } from "../privacy-files.ts";
import { type KeyFlags, withKeyFlag } from "../privacy-flags.ts";

interface WhyFlags extends KeyFlags {
  readonly campaign: string;
  readonly out: string;
  readonly json?: boolean;
}

/** `lookalike why`: explains to a customer, in plain words, why they see an ad. */
export const addWhy: AddCommand = (program, run) => {
  withKeyFlag(
    program
      .command("why")
      .argument("<customer>", "the customer's id")
      .requiredOption("--campaign <yaml>", "the campaign")
      .requiredOption("--out <dir>", "the folder that generate wrote"),
  )
    .option("--json", "print the text on stdout as JSON")
    .action(async (customer: string, flags: WhyFlags) =>
      run(flags, async ({ output, env }) => {
        const { name, currency, language } = await loadRules(flags.campaign);
        const vault = await findVault({ keyFile: flags.keyFile, env });
        const path = runFiles(flags.out).decisions;
        if (!existsSync(path)) {
          throw new LookalikeError("ERR_RUN_UNREADABLE", `Expected a finished run but there is no ${path}`, {
            hint: "Pass the folder of a finished `lookalike generate --out`.",
          });
        }
        for await (const decision of readDecisions(path, vault)) {
          if (canonicalId(decision.customer_id) !== canonicalId(customer)) continue;
          const text = explainDecision(decision, { campaign: name, currency, language });
          await recordAction("decision.explain", {}, { flags, env, customerId: customer });
          if (!output.json) output.text(text);
          await output.result({ text });
          return EXIT.done;
        }
        throw new LookalikeError(
          "ERR_CUSTOMER_UNKNOWN",
          `Expected a decision for the customer in ${flags.out} but found none`,
          {
            hint: "Check the id: the customer was not in this run, or was erased.",
          },
        );
      }),
    );
};

/** `lookalike notice`: drafts the privacy notice from the campaign's actual settings. */
export const addNotice: AddCommand = (program, run) => {
  program
    .command("notice")
    .requiredOption("--campaign <yaml>", "the campaign")
    .option("--json", "print the text on stdout as JSON")
    .action(async (flags: { readonly campaign: string; readonly json?: boolean }) =>
      run(flags, async ({ output }) => {
        const text = privacyNotice(await loadRules(flags.campaign));
        if (!output.json) output.text(text);
        await output.result({ text });
        return EXIT.done;
      }),
    );
};
