import { isIP } from "node:net";
import { type Command, InvalidArgumentError } from "commander";
import { openCampaign } from "../../campaign/index.ts";
import { type Service, startService } from "../../service/index.ts";
import { findVault } from "../../trust/index.ts";
import type { AddCommand, CommandContext } from "../command.ts";
import { type EngineFlags, engineOptions, withEngineFlags } from "../engine-flags.ts";
import { portNumber } from "../flag-values.ts";
import { EXIT, type ExitStatus } from "../output.ts";
import { type KeyFlags, withKeyFlag } from "../privacy-flags.ts";
import { packageVersion } from "../version.ts";
import { eraseFromCluster } from "./erase-cluster.ts";

interface ServeFlags extends EngineFlags, KeyFlags {
  readonly campaign: string;
  readonly out: string;
  readonly gallery?: string;
  readonly model?: string;
  readonly template?: string;
  readonly host: string;
  readonly port?: number;
  readonly hostName?: readonly string[];
  readonly trustProxy?: readonly string[];
  readonly requireKeys?: boolean;
  readonly json?: boolean;
}

/** `lookalike serve`: decides for one customer at a time, over HTTP. */
export const addServe: AddCommand = (program, run) => {
  withServeFlags(
    program
      .command("serve")
      .description("answer over HTTP which ad a customer gets; docs/service.md describes the API"),
  ).action(async (flags: ServeFlags) =>
    run(flags, (context) => serveUntilStopped(context, "docs", (log) => openService(flags, context, log))),
  );
};

/** `lookalike review`: the same server, for people who approve the ads. */
export const addReview: AddCommand = (program, run) => {
  withServeFlags(
    program.command("review").description("open the pages on which people approve ads; docs/review.md"),
  ).action(async (flags: ServeFlags) =>
    run(flags, (context) => serveUntilStopped(context, "review/", (log) => openService(flags, context, log))),
  );
};

function withServeFlags(command: Command): Command {
  return withKeyFlag(
    withEngineFlags(
      command
        .requiredOption("--campaign <yaml>", "the campaign")
        .requiredOption("--out <dir>", "the folder of a finished run")
        .option(
          "--host <address>",
          "address to listen on; any other than 127.0.0.1 requires keys",
          "127.0.0.1",
        )
        .option("--port <n>", "port; 0 for any free port (default: 8787)", portNumber)
        .option("--host-name <name...>", "host names of the server, in addition to localhost")
        .option("--trust-proxy <address...>", "proxies whose X-Forwarded-For is trusted", proxies)
        .option("--require-keys", "require keys on this machine too")
        .option("--gallery <dir>", "the indexed inventory (default: the campaign's)")
        .option("--model <json>", "the trained model (default: the campaign's)")
        .option("--template <name>", "as in generate")
        .option("--json", "write the request log to stdout as JSON Lines, instead of stderr"),
    ),
  );
}

/**
 * Longer than any request may take (15 s), shorter than schedulers wait before they kill the process (30 s).
 */
const DRAIN_MS = 20_000;

type Log = { write(line: string): void };

async function openService(flags: ServeFlags, context: CommandContext, log: Log): Promise<Service> {
  const { keyFile, gallery, model } = flags;
  const { env } = context;
  return startService({
    open: () => openCampaign(flags.campaign, { keyFile, env, gallery, model, engine: engineOptions(flags) }),
    out: flags.out,
    template: flags.template,
    host: flags.host,
    port: flags.port,
    hostNames: flags.hostName,
    trustedProxies: flags.trustProxy,
    requireKeys: flags.requireKeys,
    version: await packageVersion(),
    log,
    async eraseElsewhere(customerId) {
      const vault = await findVault({ keyFile, env });
      await eraseFromCluster(customerId, { campaign: flags.campaign }, { ...context, vault });
    },
  });
}

/** Runs a server until the process gets a signal, and then finishes open requests. */
export async function serveUntilStopped(
  { output, signal, allowToEnd }: Pick<CommandContext, "output" | "signal" | "allowToEnd">,
  page: string,
  open: (log: Log) => Promise<Service>,
): Promise<ExitStatus> {
  allowToEnd(DRAIN_MS);
  const log = gatherLines((lines) => {
    // If stdout cannot be written, the service is being stopped for that reason.
    if (output.json) void output.results(lines).catch(() => {});
    else output.text(lines.trimEnd());
  });
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const service = await open(log);
  try {
    output.say(`Listening on ${service.url}; loading the run`);
    await Promise.race([service.ready, stopped]);
    if (!signal.aborted) output.say(`Ready: ${service.url}/${page}`);
    await stopped;
  } finally {
    output.say("Stopping after open requests");
    await service.close();
    log.close();
  }
  return EXIT.done;
}

/** Writes to a pipe or a file block the process: many small ones delay requests less than few large ones. */
const LOG_EVERY_MS = 50;
const MOST_CHARACTERS = 16_000;

/** Collects lines: a write per line would cost more processor time than the answer to a request. */
function gatherLines(write: (lines: string) => void): Log & { close(): void } {
  let lines = "";
  const flush = () => {
    if (lines !== "") write(lines);
    lines = "";
  };
  const timer = setInterval(flush, LOG_EVERY_MS);
  timer.unref();
  return {
    write(line) {
      lines += line;
      if (lines.length > MOST_CHARACTERS) flush();
    },
    close() {
      clearInterval(timer);
      flush();
    },
  };
}

const NAMED_PROXIES = ["loopback", "linklocal", "uniquelocal"];

/** Adds an address, or a range such as 10.0.0.0/8. */
function proxies(text: string, earlier: readonly string[] = []): readonly string[] {
  const [address = "", bits, ...rest] = text.split("/");
  const family = isIP(address);
  const most = family === 4 ? 32 : 128;
  const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
  if (NAMED_PROXIES.includes(text) || (family !== 0 && isRange && rest.length === 0))
    return [...earlier, text];
  throw new InvalidArgumentError("Expected an IP address or a range such as 10.0.0.0/8.");
}
