import { indexDetail, loadCampaign } from "../../campaign/index.ts";
import { wrongUse } from "../../core/index.ts";
import { type IndexReport, openGallery, type SearchStatus, SIDEWAYS_DEGREES } from "../../gallery/index.ts";
import { findVault } from "../../trust/index.ts";
import type { AddCommand } from "../command.ts";
import { type EngineFlags, engineOptions, withEngineFlags } from "../engine-flags.ts";
import { EXIT, type Output } from "../output.ts";
import { recordAction } from "../privacy-files.ts";
import { type PrivacyFlags, withPrivacyFlags } from "../privacy-flags.ts";

interface IndexFlags extends EngineFlags, PrivacyFlags {
  readonly gallery?: string;
  readonly labels?: string;
  readonly json?: boolean;
}

/** `lookalike index`: updates a gallery from folders of photos. */
export const addIndex: AddCommand = (program, run) => {
  withPrivacyFlags(
    withEngineFlags(
      program
        .command("index")
        .argument(
          "[folder-or-photo...]",
          "folders, including sub-folders, and photos (default: the campaign's)",
        )
        .option("--gallery <dir>", "the gallery's folder, created if missing (default: the campaign's)")
        .option("--labels <file>", "tags and releases (default: photos.csv in the folder or its parent)")
        .option("--json", "print the report on stdout as JSON"),
    ),
  ).action(async (pathArguments: string[], flags: IndexFlags) =>
    run(flags, async ({ output, signal, env, engineOf }) => {
      const { paths, folder } = await placesOf(pathArguments, flags);
      const vault = await findVault({ keyFile: flags.keyFile, env });
      const gallery = await openGallery(folder, { vault });
      try {
        const engine = await engineOf(engineOptions(flags));
        const progress = output.progress("photos");
        try {
          const report = await gallery.index(paths, engine, {
            signal,
            labels: flags.labels,
            jobs: flags.jobs,
            onProgress: ({ done, total }) => progress.update(done, total),
          });
          progress.stop();
          await recordAction("index", indexDetail(report, engine.embedder.id), {
            flags,
            env,
            near: folder,
          });
          await output.result(toJson(report));
          summarise(report, await gallery.search(), output);
          const refused = report.refusals.length + report.labels.refusals.length;
          return refused > 0 ? EXIT.refused : EXIT.done;
        } finally {
          progress.stop();
          await engine.close();
        }
      } finally {
        await gallery.close();
      }
    }),
  );
};

/** @throws ERR_OPTION_INVALID neither the flags nor a campaign give photos or a gallery */
async function placesOf(
  pathArguments: readonly string[],
  flags: IndexFlags,
): Promise<{ readonly paths: readonly string[]; readonly folder: string }> {
  const inputs = flags.campaign === undefined ? null : (await loadCampaign(flags.campaign)).inputs;
  const paths = pathArguments.length > 0 ? pathArguments : (inputs?.inventory ?? []);
  const folder = flags.gallery ?? inputs?.gallery;
  if (folder !== undefined && paths.length > 0) return { paths, folder };
  const missing = paths.length === 0 ? "folders or photos to index" : "--gallery";
  throw wrongUse(
    missing,
    "none",
    "Example: lookalike index photos --gallery gallery; or pass --campaign with a file that sets inputs.inventory.",
  );
}

/** Invalid rows of the labels file are in `refusals`, as `file:line`; `photos.refused` counts only photos. */
function toJson({ photos, faces, seconds, refusals, skipped, labels, copies, tilted }: IndexReport): unknown {
  const refused = [
    ...refusals.map(({ photo, error }) => ({ photo, ...error.toJSON() })),
    ...labels.refusals.map(({ row, error }) => ({ photo: row, ...error.toJSON() })),
  ];
  const rounded = Math.round(seconds * 1000) / 1000;
  return { photos, faces, seconds: rounded, skipped, refusals: refused, copies, tilted };
}

const MOST_NOTES = 10;

function summarise(report: IndexReport, search: SearchStatus, output: Output): void {
  for (const { photo, error } of report.refusals) output.refuse(photo, error);
  for (const { row, error } of report.labels.refusals) output.refuse(row, error);
  const { seen, indexed, unchanged, removed, refused } = report.photos;
  const rate =
    indexed > 0 && report.seconds > 0 ? ` (${(indexed / report.seconds).toFixed(1)} photos/s)` : "";
  output.say(`${count(seen, "photo")} in ${report.seconds.toFixed(1)} s${rate}`);
  output.say(`  ${indexed} indexed, ${unchanged} unchanged, ${removed} removed, ${refused} rejected`);
  const skipped = Object.entries(report.skipped).map(([kind, n]) =>
    kind === "link" ? count(n, "link to another folder", "links to other folders") : `${n} ${kind}`,
  );
  if (skipped.length > 0) output.say(`  skipped: ${skipped.join(", ")}`);
  if (report.labels.applied > 0) output.say(`  labels for ${count(report.labels.applied, "photo")}`);
  for (const { photo, of } of report.copies.slice(0, MOST_NOTES)) {
    output.say(`  note: ${photo} is a copy of ${of}; the release of that photo applies to it too`);
  }
  if (report.copies.length > MOST_NOTES) output.say(`  ... ${report.copies.length} copies in total`);
  sayTilted(report, output);
  output.say(`  ${count(report.faces, "face")} in the gallery; ${search.reason}`);
}

function sayTilted({ tilted }: IndexReport, output: Output): void {
  for (const { photo, rollDegrees, turn } of tilted.slice(0, MOST_NOTES)) {
    const degrees = Math.round(rollDegrees);
    output.say(
      Math.abs(rollDegrees) > SIDEWAYS_DEGREES
        ? `  note: ${photo} lies on its side (head rotated by ${degrees} degrees): ${inAds(turn)}`
        : `  note: ${photo} is tilted by ${degrees} degrees: straighten it if that is not intended`,
    );
  }
  if (tilted.length > MOST_NOTES) output.say(`  ... ${tilted.length} tilted photos in total`);
}

function inAds(turn: number | null): string {
  return turn === null
    ? "campaigns skip it, as which side is up is not certain; turn the file"
    : `ads show it rotated clockwise by ${turn} degrees`;
}

function count(number: number, noun: string, many = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : many}`;
}
