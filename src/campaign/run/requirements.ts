import { expected, LookalikeError, wrongUse } from "../../core/index.ts";
import type { FaceEngine } from "../../faces/index.ts";
import type { Gallery } from "../../gallery/index.ts";
import { isUntrained, type OfferModel } from "../../offers/index.ts";
import type { Campaign } from "../types.ts";

// What a run refuses before any work: parts that do not fit each other.

/** @throws ERR_FEATURE_MISSING the customers lack columns that a learned policy reads */
export function requirePolicyColumns(names: readonly string[], columns: readonly string[]): void {
  const absent = names.filter((name) => !columns.includes(name));
  if (absent.length === 0) return;
  throw new LookalikeError(
    "ERR_FEATURE_MISSING",
    expected(
      `the columns ${names.join(", ")} of the learned policy`,
      "the customers",
      `none of ${absent.join(", ")}`,
    ),
    { hint: "Add the columns, or train again with other columns in experiment.learn.features." },
  );
}

/** @throws ERR_GALLERY_EMBEDDER */
export function requireSameEmbedder(gallery: Gallery, engine: FaceEngine): void {
  if (gallery.embedderId === null || gallery.embedderId === engine.embedder.id) return;
  throw new LookalikeError(
    "ERR_GALLERY_EMBEDDER",
    expected(`faces of ${engine.embedder.id}`, `the gallery ${gallery.folder}`, gallery.embedderId),
    { hint: "Index the inventory again into a new gallery folder." },
  );
}

/**
 * A model that was trained on no data chooses nothing: every offer must be drawn, which no limit allows.
 *
 * @throws ERR_MODEL_MISMATCH
 */
export function requireChoices({ offers, policy, experiment }: Campaign, model: OfferModel): void {
  if (!isUntrained(model)) return;
  const isLimited = policy.maxSpend !== null || offers.some(({ budget }) => budget !== null);
  if (experiment.explore === 1 && !isLimited) return;
  const received = isLimited ? "a budget or policy.max_spend" : `experiment.explore: ${experiment.explore}`;
  throw new LookalikeError(
    "ERR_MODEL_MISMATCH",
    `Expected experiment.explore: 1 and no budgets, because the model was trained on no data, but received ${received}`,
    { hint: "Draw all offers at random, or train on a past campaign, a call log or a finished run." },
  );
}

/** @throws ERR_OPTION_INVALID */
export function requireAttributes({ policy }: Campaign, engine: FaceEngine): void {
  if (engine.attributesId !== null || !policy.resemblance.sameGender) return;
  throw wrongUse(
    "an engine that estimates attributes for policy.resemblance.same_gender",
    "one without",
    "Remove --no-attributes, or set same_gender to false.",
  );
}
