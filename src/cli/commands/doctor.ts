import { examine, type Finding } from "../../campaign/index.ts";
import type { AddCommand } from "../command.ts";
import { EXIT, type Output } from "../output.ts";
import { type KeyFlags, withKeyFlag } from "../privacy-flags.ts";

interface DoctorFlags extends KeyFlags {
  readonly campaign?: string;
  readonly gallery?: string;
  readonly json?: boolean;
}

const MARKS = { ok: "ok  ", note: "note", wrong: "FAIL" } as const;

/** `lookalike doctor`: checks what the tool needs, and prints how to fix problems. */
export const addDoctor: AddCommand = (program, run) => {
  withKeyFlag(program.command("doctor"))
    .option("--campaign <yaml>", "check the files of this campaign too")
    .option("--gallery <dir>", "check this gallery (default: the campaign's)")
    .option("--json", "print the findings on stdout as JSON Lines")
    .action(async (flags: DoctorFlags) =>
      run(flags, async ({ output, env, signal, engineOf }) => {
        const findings: Finding[] = [];
        for await (const finding of examine({ ...flags, env, engine: () => engineOf({ jobs: 1 }) })) {
          signal.throwIfAborted();
          findings.push(finding);
          await printFinding(finding, output);
        }
        const wrong = findings.filter(({ status }) => status === "wrong").length;
        output.say(wrong === 0 ? "Everything needed is installed." : `${wrong} to fix.`);
        return wrong === 0 ? EXIT.done : EXIT.refused;
      }),
    );
};

async function printFinding(finding: Finding, output: Output): Promise<void> {
  const { name, status, detail, hint } = finding;
  output.say(`${MARKS[status]}  ${name}: ${detail}`);
  if (hint !== "" && status !== "ok") output.say(`      ${hint}`);
  await output.result(finding);
}
