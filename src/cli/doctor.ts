import { existsSync } from "node:fs";
import { loadCampaign } from "../campaign/index.ts";
import { findVault, type Vault } from "../vault.ts";
import type { AddCommand } from "./command.ts";
import { checkCampaign, checkGallery, checkKey, checkPrivacy } from "./doctor/files.ts";
import {
  checkDecoder,
  checkDisk,
  checkEngine,
  checkFonts,
  checkNode,
  checkSearch,
  checkTables,
} from "./doctor/install.ts";
import type { Finding } from "./doctor/types.ts";
import { EXIT, type Output } from "./output.ts";
import { type KeyFlags, withKeyFlag } from "./privacy-files.ts";

interface DoctorFlags extends KeyFlags {
  readonly campaign?: string;
  readonly gallery?: string;
  readonly json?: boolean;
}

const MARKS = { ok: "ok  ", note: "note", wrong: "FAIL" } as const;

/** `lookalike doctor`: checks what the tool needs, and says what to do about what is wrong. */
export const addDoctor: AddCommand = (program, run) => {
  withKeyFlag(
    program
      .command("doctor")
      .description("check install, engine, fonts, disk, key, gallery and privacy files"),
  )
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
        output.say(wrong === 0 ? "Everything needed is there." : `${wrong} things to be mended.`);
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
  yield await checkSearch();
  yield await checkEngine();
  yield await checkDisk(process.cwd());
  yield await checkKey(flags.keyFile, env);
  const vault = await findVault({ keyFile: flags.keyFile, env }).catch((): Vault | null => null);
  if (flags.campaign !== undefined) {
    yield await checkCampaign(flags.campaign);
    const campaign = await loadCampaign(flags.campaign).catch(() => null);
    if (campaign !== null) {
      yield await checkDisk(campaign.folder);
      if (existsSync(campaign.privacy.folder)) yield await checkPrivacy(campaign.privacy.folder, vault);
      if (flags.gallery === undefined) yield await checkGallery(campaign.inputs.gallery, vault);
    }
  }
  if (flags.gallery !== undefined) yield await checkGallery(flags.gallery, vault);
}

async function tell(finding: Finding, output: Output): Promise<void> {
  const { name, status, detail, hint } = finding;
  output.say(`${MARKS[status]}  ${name}: ${detail}`);
  if (hint !== "" && status !== "ok") output.say(`      ${hint}`);
  await output.result(finding);
}
