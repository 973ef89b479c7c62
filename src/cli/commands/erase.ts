import {
  type EraseReceipt,
  eraseCustomer,
  erasePhotos,
  loadRules,
  lookUpCustomer,
} from "../../campaign/index.ts";
import { wrongUse } from "../../core/index.ts";
import { openGallery } from "../../gallery/index.ts";
import type { PrivacyFolder } from "../../trust/index.ts";
import type { AddCommand } from "../command.ts";
import { EXIT, type Output } from "../output.ts";
import { knownRuns, withPrivacyFiles } from "../privacy-files.ts";
import { type PrivacyFlags, withPrivacyFlags } from "../privacy-flags.ts";
import { eraseFromCluster, listRunsWithPhotos } from "./erase-cluster.ts";

interface EraseFlags extends PrivacyFlags {
  readonly photo?: string;
  readonly modelRelease?: string;
  readonly gallery?: string;
  readonly out?: readonly string[];
  readonly judgements?: readonly string[];
  readonly database?: string;
  readonly json?: boolean;
}

/** `lookalike erase`: erases a customer, a photo, or all photos of a model release. */
export const addErase: AddCommand = (program, run) => {
  withPrivacyFlags(program.command("erase").argument("[customer]", "the customer's id"))
    .option("--photo <file>", "a photo of the inventory, and all copies of it")
    .option("--model-release <id>", "all photos of a release")
    .option("--gallery <dir>", "the gallery (default: the campaign's)")
    .option("--out <dir...>", "output folders of generate, in addition to those in the audit log")
    .option("--judgements <file...>", "of a photo: files of judge, whose answers about it are removed")
    .option("--database <address>", "the PostgreSQL of runs on many machines (default: LOOKALIKE_DATABASE)")
    .option("--json", "print the receipt on stdout as JSON")
    .action(async (customer: string | undefined, flags: EraseFlags) =>
      run(flags, ({ output, env, signal }) => {
        const target = targetOf(customer, flags);
        return withPrivacyFiles(flags, env, async (files) => {
          const outs = knownRuns(files.audit, flags.out, output);
          for (const out of outs) output.say(`Searching the run in ${out}`);
          if (outs.length === 0) {
            output.say("note: the audit log lists no run; pass the folders of earlier runs with --out");
          }
          const receipt = await erase(target, flags, { ...files, outs });
          if (receipt === null) {
            output.say(
              `Nothing found, nothing erased: ${flags.photo === undefined ? NO_RELEASE : NO_PHOTO}.`,
            );
            return EXIT.refused;
          }
          await printReceipt(receipt, output);
          await eraseElsewhere(target, flags, { env, output, vault: files.vault });
          await reportUnknown(target, receipt, { files, output, signal, path: flags.campaign });
          return EXIT.done;
        });
      }),
    );
};

/** The shared files of runs on several machines. */
function eraseElsewhere(
  target: Target,
  flags: EraseFlags,
  context: Parameters<typeof eraseFromCluster>[2],
): Promise<void> {
  return target.kind === "customer"
    ? eraseFromCluster(target.id, flags, context)
    : listRunsWithPhotos(flags, context);
}

interface UnknownContext {
  readonly files: PrivacyFolder;
  readonly output: Output;
  readonly signal: AbortSignal;
  /** Path of the campaign, if one was given. */
  readonly path: string | undefined;
}

/** An id that is in no source may be a typing error. */
async function reportUnknown(
  target: Target,
  { known }: EraseReceipt,
  { files, output, signal, path }: UnknownContext,
): Promise<void> {
  if (target.kind !== "customer" || known !== false) return;
  const { id } = target;
  const campaign = path === undefined ? undefined : await loadRules(path);
  const { isKnown, nearest } = await lookUpCustomer(id, { ...files, campaign, signal });
  if (isKnown) return;
  const meant = nearest === null ? "" : ` Did you mean ${nearest}? Then erase that one too.`;
  output.say(`"${id}" was not found in any source.${meant}`);
}

type Target =
  | { readonly kind: "customer"; readonly id: string }
  | { readonly kind: "photos"; readonly which: { readonly photo: string } | { readonly release: string } };

function targetOf(customer: string | undefined, { photo, modelRelease }: EraseFlags): Target {
  const targets: Target[] = [];
  if (customer !== undefined) targets.push({ kind: "customer", id: customer });
  if (photo !== undefined) targets.push({ kind: "photos", which: { photo } });
  if (modelRelease !== undefined) targets.push({ kind: "photos", which: { release: modelRelease } });
  const [target, ...others] = targets;
  if (target !== undefined && others.length === 0) return target;
  throw wrongUse(
    "a customer, --photo or --model-release",
    target === undefined ? "none of them" : "several",
    "Erase one at a time: each erasure has its own receipt.",
  );
}

const NO_PHOTO = "the photo is not in the gallery, the runs or on the disk; check its path";
const NO_RELEASE = "no photo of the gallery has that release; check its id in photos.csv";

async function printReceipt(
  { kind, at, removed, known, audit }: EraseReceipt,
  output: Output,
): Promise<void> {
  if (known === false) {
    output.say(
      "Nothing was stored about this customer, so nothing was removed. The customer is blocked from now on. Check the id if you expected more.",
    );
  } else output.say(`Erased (${kind}). Removed: ${counts(removed)}.`);
  if (kind !== "customer" && removed.decisions > 0) {
    output.say(
      `${removed.decisions} decisions lost their ad with the photo: these customers get no ad until you run generate again.`,
    );
  }
  if (kind === "customer") {
    output.say(
      "Delete the rows in the customers' file, its portraits and copies outside these folders yourself.",
    );
  }
  output.say(`Audit log at ${audit.seq}:${audit.hash}`);
  await output.result({ kind, at: at.toISOString(), removed, known, audit });
}

async function erase(
  target: Target,
  flags: EraseFlags,
  files: PrivacyFolder & { readonly outs: readonly string[] },
): Promise<EraseReceipt | null> {
  const { consents, audit, vault, outs } = files;
  const options = { consents, audit, vault, outs };
  if (target.kind === "customer") return eraseCustomer(target.id, options);
  const campaign = flags.campaign === undefined ? null : await loadRules(flags.campaign);
  const gallery = await openGallery(await galleryFolder(flags), { mustExist: true, vault });
  try {
    const defaultPhoto = campaign?.photos.default;
    return await erasePhotos(target.which, {
      ...options,
      gallery,
      defaultPhoto,
      judgements: flags.judgements,
    });
  } finally {
    await gallery.close();
  }
}

/** @throws ERR_OPTION_INVALID neither a gallery nor a campaign was given */
export async function galleryFolder(flags: { gallery?: string; campaign?: string }): Promise<string> {
  if (flags.gallery !== undefined) return flags.gallery;
  if (flags.campaign !== undefined) return (await loadRules(flags.campaign)).inputs.gallery;
  throw wrongUse(
    "--gallery or --campaign",
    "neither",
    "Name the gallery's folder, or the campaign that names it.",
  );
}

function counts(removed: EraseReceipt["removed"]): string {
  return Object.entries(removed)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
}
