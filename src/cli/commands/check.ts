import { dryRun, openCampaign } from "../../campaign/index.ts";
import { isUntrained, UNTRAINED_WORDS } from "../../offers/index.ts";
import { warnOfColors } from "../brand-colors.ts";
import type { AddCommand } from "../command.ts";
import { type EngineFlags, engineOptions, withEngineFlags } from "../engine-flags.ts";
import { EXIT } from "../output.ts";
import { type KeyFlags, withKeyFlag } from "../privacy-flags.ts";

interface CheckFlags extends EngineFlags, KeyFlags {
  readonly campaign: string;
  readonly out: string;
  readonly gallery?: string;
  readonly model?: string;
  readonly json?: boolean;
}

/** `lookalike check`: checks a campaign without a run. */
export const addCheck: AddCommand = (program, run) => {
  withKeyFlag(
    withEngineFlags(
      program
        .command("check")
        .description("count what generate would decide, without drawing")
        .requiredOption("--campaign <yaml>", "the campaign")
        .option("--out <dir>", "the folder that generate would write; nothing is written", "ads")
        .option("--gallery <dir>", "the indexed inventory (default: the campaign's)")
        .option("--model <json>", "the trained model (default: the campaign's)")
        .option("--json", "print the counts on stdout as JSON"),
    ),
  ).action(async (flags: CheckFlags) =>
    run(flags, async ({ output, signal, env, engineOf }) => {
      const { keyFile, gallery, model, out } = flags;
      const engine = engineOptions(flags);
      const options = { keyFile, env, gallery, model, engine: () => engineOf(engine) };
      await using opened = await openCampaign(flags.campaign, options);
      const { campaign, vault, consents, audit } = opened;
      warnOfColors(campaign, output);
      const trained = await opened.model();
      if (isUntrained(trained)) output.say(`note: ${UNTRAINED_WORDS}`);
      const now = new Date();
      const report = await dryRun({
        campaign,
        vault,
        consents,
        audit,
        out,
        signal,
        gallery: await opened.gallery(),
        engine: await opened.engine(),
        model: trained,
        now: () => now,
      });
      const { customers, refused, portraits, heldOut, mostAds, photos, estimate } = report;
      output.say(`${customers} customers, ${refused} rows rejected, ${heldOut} in the holdout`);
      for (const [id, count] of report.offers) output.say(`  ${id}: ${count}`);
      output.say(`${portraits} portraits to compare with ${photos} photos; default photo for:`);
      for (const [reason, count] of report.defaults) output.say(`  ${reason}: ${count}`);
      for (const id of report.unjudgedOffers) output.say(`warning: the model has no data about offer ${id}`);
      const { seconds, megabytes } = estimate;
      output.say(`At most ${mostAds} distinct ads; up to ${seconds} s on one core and ${megabytes} MB`);
      await output.result({
        ...report,
        offers: Object.fromEntries(report.offers),
        defaults: Object.fromEntries(report.defaults),
      });
      return refused > 0 ? EXIT.refused : EXIT.done;
    }),
  );
};
