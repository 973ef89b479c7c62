import { basename } from "node:path";
import type { Command } from "commander";
import { loadCampaign } from "../../campaign/index.ts";
import { wrongUse } from "../../core/index.ts";
import {
  type NetworkOptions,
  type NetworkReading,
  type NetworkReport,
  networkEvents,
  networkMeasures,
  networkPage,
  openNetwork,
} from "../../customers/index.ts";
import { writeFileAtomic } from "../../io/files.ts";
import { privacyFiles } from "../../trust/index.ts";
import type { CommandContext, Runner } from "../command.ts";
import { EXIT, type Output } from "../output.ts";
import { type PrivacyFlags, withPrivacyFiles, withPrivacyFlags } from "../privacy-files.ts";
import { snakeCase } from "../snake-case.ts";

interface NetworkFlags extends PrivacyFlags {
  readonly calls?: string;
  readonly messages?: string;
  readonly keep?: boolean;
  readonly html?: string;
  readonly json?: boolean;
}

/** `lookalike report network`: reports the ties between people who consent to them, in numbers. */
export function addNetworkReport(parent: Command, run: Runner): void {
  withPrivacyFlags(
    parent
      .command("network")
      .description("count ties between people who consent to the purpose network, without names"),
  )
    .option("--calls <file>", "with --privacy: a call log, as CSV or Parquet; a file, folder or glob")
    .option("--messages <file>", "with --privacy: a log of messages, likewise")
    .option("--keep", "keep the months that are over in the privacy folder, so that they are read once")
    .option("--html <file>", "write the report as one self-contained page")
    .option("--json", "print the report on stdout as JSON")
    .action(async (flags: NetworkFlags) =>
      run(flags, (context) =>
        withPrivacyFiles(
          flags,
          context.env,
          async ({ folder, consents, vault }) => {
            const { jurisdiction, ...sources } = await sourcesOf(flags);
            const consenting = (among?: readonly string[]) =>
              consents.consenting("network", { at: new Date(), jurisdiction, among });
            const people = consenting();
            const kept = flags.keep ? { folder: privacyFiles(folder).network, vault, consenting } : undefined;
            return reportOn({ ...sources, people, kept, signal: context.signal }, flags, context);
          },
          "found",
        ),
      ),
    );
}

async function reportOn(options: NetworkOptions, flags: NetworkFlags, { output }: CommandContext) {
  const network = await openNetwork(options);
  try {
    const { reading } = network;
    const report = await network.report();
    await output.result(snakeCase({ reading, ...report }));
    describe(output, reading, report);
    if (flags.html !== undefined) {
      const subtitle = basename(flags.campaign ?? flags.calls ?? flags.messages ?? "");
      const head = { title: "Ties between customers", subtitle, createdAt: new Date().toISOString() };
      await writeFileAtomic(flags.html, await networkPage(head, report, reading));
      output.say(`Report written to ${flags.html}`);
    }
    return reading.dropped.unreadable > 0 ? EXIT.refused : EXIT.done;
  } finally {
    await network.close();
  }
}

function describe(output: Output, reading: NetworkReading, report: NetworkReport): void {
  const rows = [...networkMeasures(report), ...networkEvents(reading)].map(([name, value]) => [
    name,
    String(value),
  ]);
  for (const [name = "", value = ""] of rows) output.say(`${name.padEnd(46)}${value.padStart(12)}`);
  if (reading.people > 0) return;
  output.say("Nobody consents to the purpose network: record consents with `lookalike consent import`.");
}

type Sources = Pick<NetworkOptions, "calls" | "messages" | "manufacturers" | "logStart"> & {
  readonly jurisdiction: string | null;
};

async function sourcesOf({ campaign: path, calls, messages }: NetworkFlags): Promise<Sources> {
  if (path !== undefined && (calls ?? messages) !== undefined) {
    throw wrongUse(
      "--campaign or --calls",
      "both",
      "A campaign names its logs itself, under inputs.calls and inputs.messages.",
    );
  }
  if (path === undefined) {
    return {
      calls: calls === undefined ? undefined : { source: calls },
      messages: messages === undefined ? undefined : { source: messages },
      jurisdiction: null,
    };
  }
  const { inputs, privacy } = await loadCampaign(path);
  const table = <Mapping>(input: { readonly path: string; readonly columns: Mapping } | null) =>
    input === null ? undefined : { source: input.path, mapping: input.columns };
  return {
    calls: table(inputs.calls),
    messages: table(inputs.messages),
    logStart: inputs.logStart ?? undefined,
    jurisdiction: privacy.jurisdiction,
  };
}
