import type { AddCommand } from "./command.ts";
import {
  checkDecoder,
  checkDisk,
  checkEngine,
  checkFonts,
  checkNode,
  checkSearch,
  checkStores,
  checkTables,
} from "./doctor/install.ts";
import type { Finding } from "./doctor/types.ts";
import { checkWeights } from "./doctor/weights.ts";
import { EXIT, type Output } from "./output.ts";
import { type KeyFlags, withKeyFlag } from "./privacy-flags.ts";

interface DoctorFlags extends KeyFlags {
  readonly campaign?: string;
  readonly gallery?: string;
  readonly json?: boolean;
}

const MARKS = { ok: "ok  ", note: "note", wrong: "FAIL" } as const;

/** `lookalike doctor`: checks what the tool needs, and says what to do about what is wrong. */
export const addDoctor: AddCommand = (program, run) => {
  withKeyFlag(program.command("doctor"))
    .option("--campaign <yaml>", "check the files of this campaign too")
    .option("--gallery <dir>", "check this gallery (default: the campaign's)")
    .option("--json", "print the findings on stdout as JSON Lines")
    .action(async (flags: DoctorFlags) =>
      run(flags, async ({ output, env, signal }) => {
        const findings: Finding[] = [];
        for await (const finding of examine(flags, env)) {
          signal.throwIfAborted();
          findings.push(finding);
          await tell(finding, output);
        }
        const wrong = findings.filter(({ status }) => status === "wrong").length;
        output.say(wrong === 0 ? "Everything needed is there." : `${wrong} to be mended.`);
        return wrong === 0 ? EXIT.done : EXIT.refused;
      }),
    );
};

async function* examine(
  flags: DoctorFlags,
  env: Readonly<Record<string, string | undefined>>,
): AsyncGenerator<Finding> {
  yield checkNode(process.versions.node);
  yield await checkDecoder();
  yield await checkFonts();
  yield await checkTables();
  yield await checkStores();
  yield await checkSearch();
  yield await checkWeights();
  yield await checkEngine();
  yield await checkDisk(process.cwd());
  yield* await checkFiles(flags, env);
}

/** Of the user's own files; where a part of the install is missing, that has been said already. */
async function checkFiles(
  { campaign, gallery, keyFile }: DoctorFlags,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly Finding[]> {
  const files = await import("./doctor/files.ts").catch(() => null);
  return files === null ? [] : files.examineFiles({ campaign, gallery, keyFile, env });
}

async function tell(finding: Finding, output: Output): Promise<void> {
  const { name, status, detail, hint } = finding;
  output.say(`${MARKS[status]}  ${name}: ${detail}`);
  if (hint !== "" && status !== "ok") output.say(`      ${hint}`);
  await output.result(finding);
}
