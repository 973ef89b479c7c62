import type { Command } from "commander";
import { invalidOption } from "../../core/index.ts";
import type { AuditCheck, AuditHead } from "../../trust/index.ts";
import type { AddCommand, Runner } from "../command.ts";
import { EXIT } from "../output.ts";
import { withPrivacyFiles } from "../privacy-files.ts";
import { type PrivacyFlags, withPrivacyFlags } from "../privacy-flags.ts";

interface AuditFlags extends PrivacyFlags {
  readonly expect?: string;
  readonly customer?: string;
  readonly json?: boolean;
}

/** `lookalike audit`: checks the audit log and prints it. */
export const addAudit: AddCommand = (program, run) => {
  const audit = program.command("audit");
  addVerify(audit, run);
  addList(audit, run);
};

function addVerify(audit: Command, run: Runner): void {
  withPrivacyFlags(
    audit.command("verify").description("detect entries that were changed, removed or truncated"),
  )
    .option(
      "--expect <seq:hash>",
      "a head that was recorded earlier: detects that the whole file was replaced by an older copy",
    )
    .option("--json", "print the outcome on stdout as JSON")
    .action(async (flags: AuditFlags) =>
      run(flags, ({ output, env }) => {
        const expected = flags.expect === undefined ? undefined : parseHead(flags.expect);
        return withPrivacyFiles(
          flags,
          env,
          async (files) => {
            const check = files.audit.verify(expected);
            output.say(describe(check));
            await output.result(check);
            return check.status === "intact" ? EXIT.done : EXIT.refused;
          },
          "found",
        );
      }),
    );
}

function describe(check: AuditCheck): string {
  if (check.status === "broken") {
    return `Broken (${check.problem}) at entry ${check.seq}: keep the file as evidence.`;
  }
  const clock = check.clockSteps === 0 ? "" : `; the clock was set back ${check.clockSteps} times`;
  return `Intact: ${check.entries} entries${clock}. Head ${check.head.seq}:${check.head.hash}`;
}

function parseHead(text: string): AuditHead {
  const [, seq, hash = ""] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq !== undefined) return { seq: Number(seq), hash };
  throw invalidOption(
    "<seq>:<64 hexadecimal digits>",
    "--expect",
    text,
    "Pass a head that `audit verify` or a receipt printed.",
  );
}

function addList(audit: Command, run: Runner): void {
  withPrivacyFlags(audit.command("list").description("list the entries, oldest first"))
    .option("--customer <id>", "only those that concern this customer")
    .option("--json", "print the entries on stdout as JSON Lines")
    .action(async (flags: AuditFlags) =>
      run(flags, ({ output, env, signal }) =>
        withPrivacyFiles(
          flags,
          env,
          async (files) => {
            for (const entry of files.audit.entries({ customerId: flags.customer })) {
              signal.throwIfAborted();
              const { seq, at, actor, action, subject, detail } = entry;
              if (!output.json) {
                output.say(
                  `${seq}  ${at.toISOString()}  ${actor}  ${action}  ${subject ?? "-"}  ${JSON.stringify(detail)}`,
                );
              }
              await output.result(entry);
            }
            return EXIT.done;
          },
          "found",
        ),
      ),
    );
}
