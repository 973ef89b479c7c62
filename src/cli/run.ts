import { Command, CommanderError } from "commander";
import { escapeLines, isLookalikeError } from "../core/index.ts";
import { reason } from "../io/files.ts";
import { limitError } from "../io/limits.ts";
import { addCommands } from "./commands.ts";
import { openEngine } from "./engine-flags.ts";
import { createOutput, EXIT, type ExitStatus, type Streams } from "./output.ts";
import { checkOutputFiles } from "./output-files.ts";
import { openQuestions } from "./questions.ts";
import { listenForSignals } from "./signals.ts";
import { type StdoutWatch, watchStdout } from "./stdout.ts";
import { unknownFlags } from "./unknown-flags.ts";
import { packageVersion } from "./version.ts";

/**
 * Runs one command line.
 *
 * @param args the words after `lookalike`
 * @returns the exit status: 0 done, 1 unforeseen, 2 wrong use or configuration, or stdout takes no more, 3 done but
 * inputs were refused, 130 interrupted
 */
export async function runCli(args: readonly string[], host: Streams): Promise<ExitStatus> {
  const controller = new AbortController();
  const signals = listenForSignals(controller, host.stderr);
  const stdout = watchStdout(host.stdout, controller);
  const streams = { ...host, failure: stdout.failure };
  const { engineOf = openEngine } = host;
  let status: ExitStatus = EXIT.done;
  const program = new Command("lookalike")
    .description(
      "Personalised ads: for each customer, the best offer with the campaign photo whose face resembles theirs.",
    )
    .version(await packageVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(escapeLines(text)),
    });
  try {
    await addCommands(program, args, async (options, run) => {
      await checkOutputFiles(options);
      const output = createOutput(streams, options);
      const { ask, close } = openQuestions(streams, options, controller);
      try {
        const { signal } = controller;
        status = await run({ output, signal, ask, allowToEnd: signals.allow, env: streams.env, engineOf });
      } finally {
        close();
        // Loaded when asked for: it needs the rooms of tables and exports.
        if (options.refused !== undefined) {
          const { writeRefused } = await import("./row-report.ts");
          await writeRefused(options.refused, output.refusedRows);
        }
      }
    });
    // Sub-commands inherit neither exitOverride nor the output settings once they exist.
    inheritSettings(program);
    await program.parseAsync([...args], { from: "user" });
    await stdout.flush();
    return status;
  } catch (error) {
    const failure = stdout.failure();
    if (failure !== null) return reportFailure(failure, streams);
    if (error instanceof CommanderError) return endOfUse(error, { program, args, streams, stdout });
    if (controller.signal.aborted) {
      streams.stderr.write("\nInterrupted. Run the same command again to resume.\n");
      return EXIT.interrupted;
    }
    return reportFailure(limitError(error) ?? error, streams);
  } finally {
    signals.stop();
  }
}

/** After help, or a command line that is none. */
async function endOfUse(
  error: CommanderError,
  {
    program,
    args,
    streams,
    stdout,
  }: {
    readonly program: Command;
    readonly args: readonly string[];
    readonly streams: Streams;
    readonly stdout: StdoutWatch;
  },
): Promise<ExitStatus> {
  const isMissing = error.code === "commander.missingMandatoryOptionValue";
  for (const line of isMissing ? unknownFlags(program, args) : []) {
    streams.stderr.write(`${escapeLines(line)}\n`);
  }
  if (error.exitCode !== 0) return EXIT.usage;
  await stdout.flush().catch(() => {});
  const failure = stdout.failure();
  return failure === null ? EXIT.done : reportFailure(failure, streams);
}

function inheritSettings(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent);
    inheritSettings(command);
  }
}

/** A package that is not there, or a native library of another system. */
function isBrokenInstall(error: unknown): boolean {
  const { code = "", message = "" } = error as NodeJS.ErrnoException;
  return (
    /^(ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND|ERR_DLOPEN_FAILED)$/.test(code) ||
    /Could not load the "sharp" module/.test(message)
  );
}

function reportFailure(error: unknown, streams: Streams): ExitStatus {
  if (isLookalikeError(error)) {
    streams.stderr.write(`error ${error.code}: ${error.message}\n${error.hint ? `  ${error.hint}\n` : ""}`);
    return EXIT.usage;
  }
  if (isBrokenInstall(error)) {
    streams.stderr.write(
      `error ERR_DEPENDENCY_MISSING: A part of the install is missing or does not run here: ${reason(error)}\n  Install the package again: npm ci. \`lookalike doctor\` checks every part. Too few file handles (\`ulimit -n\`) have the same effect.\n`,
    );
    return EXIT.unforeseen;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  streams.stderr.write(`${escapeLines(text)}\n`);
  return EXIT.unforeseen;
}
