import type { PhotoOutcome } from "../../faces/index.ts";
import type { AddCommand } from "../command.ts";
import { type EngineFlags, engineOptions, withEngineFlags } from "../engine-flags.ts";
import { EXIT } from "../output.ts";

interface EmbedFlags extends EngineFlags {
  readonly json?: boolean;
}

/** `lookalike embed`: prints every face of the given photos with box, landmarks and embedding. */
export const addEmbed: AddCommand = (program, run) => {
  withEngineFlags(
    program
      .command("embed")
      .argument("<photo...>", "photo files")
      .option("--json", "print JSON Lines on stdout, embeddings included"),
  ).action(async (photos: string[], flags: EmbedFlags) =>
    run(flags, async ({ output, signal, engineOf }) => {
      const engine = await engineOf(engineOptions(flags));
      const progress = output.progress("photos");
      let done = 0;
      let refused = 0;
      try {
        for await (const outcome of engine.describeAll(photos, { signal })) {
          progress.update(++done, photos.length);
          await output.result(toJson(outcome));
          if (outcome.status === "refused") {
            refused++;
            output.refuse(outcome.photo, outcome.error);
          } else if (!output.json) {
            output.say(summarise(outcome));
          }
        }
      } finally {
        progress.stop();
        await engine.close();
      }
      return refused > 0 ? EXIT.refused : EXIT.done;
    }),
  );
};

function toJson(outcome: PhotoOutcome<string>): unknown {
  if (outcome.status === "refused") return { photo: outcome.photo, error: outcome.error };
  const { photo, width, height } = outcome;
  const faces = outcome.faces.map(({ embedding, features, ...face }) => ({
    ...face,
    embedding: Array.from(embedding),
    ...(features === undefined ? {} : { features: Array.from(features) }),
  }));
  return { photo, width, height, faces };
}

function summarise({ photo, faces, width, height }: PhotoOutcome<string> & { status: "described" }): string {
  const sizes = faces.map(({ box, score }) => `${Math.round(box.width)} px (${score.toFixed(2)})`).join(", ");
  const count = faces.length === 1 ? "1 face" : `${faces.length} faces`;
  return `${photo}: ${width} x ${height}, ${count}${sizes ? `: ${sizes}` : ""}`;
}
