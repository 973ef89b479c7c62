import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { LookalikeError } from "../../core/index.ts";
import { reason } from "../../io/files.ts";
import { type ManifestEntry, toWeights, type Weights } from "./weights.ts";

/**
 * The folder of the installed `@vladmandic/human` package, an optional dependency; null if it is not
 * installed.
 */
export function humanFolder(): string | null {
  try {
    // The package exports its main file, dist/human.node.js, but not its package.json.
    return dirname(dirname(createRequire(import.meta.url).resolve("@vladmandic/human")));
  } catch {
    return null;
  }
}

/**
 * Reads the weights of a TensorFlow.js graph model (a JSON file beside one binary file), 16-bit tensors widened.
 *
 * @param folder default: the models that the package ships
 * @throws ERR_DEPENDENCY_MISSING the package is not installed
 * @throws ERR_WEIGHTS_INVALID a file is missing, or the sizes do not fit
 */
export async function readHumanWeights(network: "faceres", folder = modelFolder()): Promise<Weights> {
  try {
    const { weightsManifest } = JSON.parse(await readFile(join(folder, `${network}.json`), "utf8")) as {
      readonly weightsManifest: readonly { readonly weights: readonly ManifestEntry[] }[];
    };
    const bytes = await readFile(join(folder, `${network}.bin`));
    const entries = weightsManifest.flatMap(({ weights }) => weights);
    return toWeights(entries, bytes);
  } catch (cause) {
    const message = `Could not read the weights of ${network}: ${reason(cause)}`;
    throw new LookalikeError("ERR_WEIGHTS_INVALID", message, {
      hint: "Reinstall @vladmandic/human: its models folder is missing or damaged.",
      cause,
    });
  }
}

function modelFolder(): string {
  const folder = humanFolder();
  if (folder !== null) return join(folder, "models");
  throw new LookalikeError("ERR_DEPENDENCY_MISSING", "The second descriptor needs @vladmandic/human", {
    hint: "Install it with npm install @vladmandic/human, or turn the second descriptor off with --no-look.",
  });
}
