import { dirname } from "node:path";
import { z } from "zod";
import { createDepthMeter, expected, LookalikeError, MOST_LEVELS } from "../core/index.ts";
import { hashBytes, readNamedText, reason, writeFileAtomic } from "../io/files.ts";
import { removeLeftovers } from "../io/scratch.ts";
import { modelSchema } from "./model-schema.ts";
import type { OfferModel } from "./types.ts";

const FORMAT = "lookalike-offers";
/** 2: uplift by any learner, with the heterogeneity test. Version 1 had only the T-learner. */
const VERSION = 2;

/**
 * Writes a model as JSON, atomically. Numbers are read back exactly, and a checksum over the content detects damage.
 *
 * @throws ERR_OUTPUT_UNWRITABLE
 *
 * @example
 * const { model } = await trainOffers({ experiment }, { createdAt: new Date() });
 * await saveOfferModel(model, "offers.json");
 */
export async function saveOfferModel(model: OfferModel, path: string): Promise<void> {
  // Typed arrays would be written as objects; all other values are plain JSON.
  const content = JSON.stringify(model, (_, value: unknown) => {
    if (value instanceof Map) return [...value];
    return isNumbers(value) ? Array.from(value) : value;
  });
  const head = { format: FORMAT, version: VERSION, checksum: hashBytes(content) };
  await removeLeftovers(dirname(path));
  await writeFileAtomic(path, `${readable({ ...head, model: JSON.parse(content) })}\n`);
}

type Numbers = Float64Array | Int32Array | Uint8Array;

function isNumbers(value: unknown): value is Numbers {
  return value instanceof Float64Array || value instanceof Int32Array || value instanceof Uint8Array;
}

/**
 * Indented JSON with lists of numbers on one line. No string contains a line break, so strings are unchanged.
 */
function readable(value: unknown): string {
  return JSON.stringify(value, null, 1).replace(
    /\[\n\s*(-?\d[^[\]{}"]*)\]/g,
    (_, numbers: string) => `[${numbers.trim().replace(/,\s+/g, ", ")}]`,
  );
}

/**
 * Reads an offer model that `saveOfferModel` or `lookalike train` wrote, and checks it against its hash.
 *
 * @throws ERR_MODEL_UNREADABLE the file is missing, truncated, damaged or was edited
 * @throws ERR_MODEL_MISMATCH the file is not an offer model, or has an unsupported version
 *
 * @example
 * const model = await loadOfferModel("offers.json");
 * console.log(model.offers.map(({ id }) => id));
 */
export async function loadOfferModel(path: string): Promise<OfferModel> {
  const file = parseJson(await readText(path), path);
  const head = headSchema.safeParse(file);
  if (!head.success || head.data.format !== FORMAT) {
    const received = head.success ? head.data.format : "another kind of JSON";
    throw new LookalikeError("ERR_MODEL_MISMATCH", expected(`the format ${FORMAT}`, path, received), {
      hint: "Pass a file that `lookalike train` wrote.",
    });
  }
  if (head.data.version !== VERSION) {
    throw new LookalikeError(
      "ERR_MODEL_MISMATCH",
      expected(`version ${VERSION}`, `the model ${path}`, head.data.version),
      { hint: "Train the model again with this release." },
    );
  }
  if (hashBytes(JSON.stringify(head.data.model)) !== head.data.checksum) {
    throw unreadable(path, "its content does not match its checksum");
  }
  const parsed = modelSchema.safeParse(head.data.model);
  if (!parsed.success) throw unreadable(path, z.prettifyError(parsed.error));
  return parsed.data;
}

const headSchema = z.object({
  format: z.string(),
  version: z.unknown(),
  checksum: z.unknown(),
  model: z.unknown(),
});

async function readText(path: string): Promise<string> {
  try {
    return await readNamedText(path);
  } catch (cause) {
    throw unreadable(path, reason(cause), cause);
  }
}

function parseJson(text: string, path: string): unknown {
  if (createDepthMeter().isTooDeep(Buffer.from(text))) {
    throw unreadable(path, `more than ${MOST_LEVELS} levels of lists and objects`);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable(path, reason(cause), cause);
  }
}

function unreadable(path: string, why: string, cause?: unknown): LookalikeError {
  return new LookalikeError("ERR_MODEL_UNREADABLE", `Could not read the offer model ${path}: ${why}`, {
    hint: "Check the path, restore the file, or train the model again.",
    cause,
  });
}
