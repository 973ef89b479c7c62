import { type ErrorCode, expected, isLookalikeError, LookalikeError } from "../../core/index.ts";
import { covers, type EmbedderInfo, type PhotoFaces, type PhotoOutcome } from "../../faces/index.ts";
import type { Database } from "../../io/sqlite/index.ts";
import type { Content } from "../state/contents.ts";
import type { Scan, ScannedPhoto } from "../state/scan.ts";
import type { Store } from "../state/store.ts";
import { fingerprint, hashPhoto } from "./fingerprint.ts";

/** A photo whose content is new to the gallery and must be described. */
export interface NewPhoto {
  readonly photo: ScannedPhoto;
  readonly fingerprint: string;
  readonly hash: string;
}

/** The outcome of a photo in this run. */
export type Enrolment =
  | { readonly status: "indexed" | "unchanged" }
  | { readonly status: "refused"; readonly error: LookalikeError };

/** Errors of the content itself: the same reader rejects the same bytes again, so they are stored. */
const LASTING: ReadonlySet<ErrorCode> = new Set([
  "ERR_PHOTO_UNREADABLE",
  "ERR_PHOTO_TOO_LARGE",
  "ERR_PHOTO_NO_FACE",
]);

export interface EnrolContext {
  readonly database: Database;
  readonly store: Store;
  readonly scan: Scan;
  readonly embedder: EmbedderInfo;
  /** Which estimators the faces' attributes come from; null: they are not estimated. */
  readonly attributesId: string | null;
  /** Which parts the engine's features have; null: none. */
  readonly featuresId: string | null;
  /** Names the decoder and the networks. A photo that another reader rejected is tried again. */
  readonly reader: string;
}

/** Enrols a photo of known content; otherwise returns the data that `enrolDescribed` needs. */
export async function enrolKnown(context: EnrolContext, photo: ScannedPhoto): Promise<Enrolment | NewPhoto> {
  try {
    const current = await fingerprint(photo.path);
    const { known } = photo;
    if (known?.fingerprint === current && isSettled(context, known.content)) {
      return known.content.refusal === null
        ? { status: "unchanged" }
        : refused(named(known.content.refusal.error, photo.path));
    }
    const hash = await hashPhoto(photo.path);
    if (context.store.isErased(hash)) return refuseErased(context, photo);
    const content = context.store.findContent(hash);
    if (content === null || !isSettled(context, content)) return { photo, fingerprint: current, hash };
    return attachKnown(context, photo, content, current);
  } catch (error) {
    if (isLookalikeError(error) && error.code === "ERR_PHOTO_NOT_FOUND") return refused(error);
    throw error;
  }
}

/** Erased content is not added again, under any path; a known path with this content is removed. */
function refuseErased({ database, store }: EnrolContext, { path, known }: ScannedPhoto): Enrolment {
  if (known !== null) database.transaction(() => store.removePhoto(path));
  const message = `Expected a photo that may be indexed for ${path} but it was erased`;
  return refused(
    new LookalikeError("ERR_PHOTO_ERASED", message, {
      hint: "Delete the file: only a new gallery can index it again.",
    }),
  );
}

function isSettled(context: EnrolContext, content: Content): boolean {
  if (content.refusal !== null) return content.refusal.by === context.reader;
  // An engine without attributes keeps the attributes that are stored.
  if (context.attributesId === null && content.attributesId !== null) return true;
  if (content.attributesId !== context.attributesId) return false;
  if (context.featuresId === null) return true;
  return content.featuresId !== null && covers(content.featuresId, context.featuresId);
}

function attachKnown(
  { database, store, scan }: EnrolContext,
  photo: ScannedPhoto,
  content: Content,
  current: string,
): Enrolment {
  const { path, known, labels } = photo;
  const isSame = known?.content.id === content.id;
  const movedFrom = known === null ? scan.missingTwin(content.id) : null;
  database.transaction(() => {
    if (isSame) return store.setFingerprint(path, current);
    if (movedFrom === null)
      return store.attach({ path, contentId: content.id, fingerprint: current, labels });
    store.move(movedFrom, path, current);
    if (labels !== null) store.relabel(path, labels);
  });
  if (content.refusal !== null) return refused(named(content.refusal.error, path));
  return { status: isSame || movedFrom !== null ? "unchanged" : "indexed" };
}

/** Commits the outcome of describing a photo, in one transaction. */
export async function enrolDescribed(
  context: EnrolContext,
  { photo, hash, fingerprint: before }: NewPhoto,
  outcome: PhotoOutcome<string>,
): Promise<Enrolment> {
  const error =
    outcome.status === "refused" ? outcome.error : faceError(context.embedder, photo.path, outcome);
  if (error !== null && !LASTING.has(error.code)) return refused(error);
  const after = await fingerprint(photo.path).catch(() => null);
  if (after !== before) return refused(changed(photo.path));
  const { database, store, reader } = context;
  database.transaction(() => {
    const contentId =
      outcome.status === "described" && error === null
        ? store.saveDescribed(hash, outcome, context)
        : store.saveRefused(hash, unnamed(error as LookalikeError, photo.path), reader);
    store.attach({ path: photo.path, contentId, fingerprint: before, labels: photo.labels });
  });
  return error === null ? { status: "indexed" } : refused(error);
}

function faceError(embedder: EmbedderInfo, path: string, { faces }: PhotoFaces): LookalikeError | null {
  if (faces.length === 0) {
    return new LookalikeError("ERR_PHOTO_NO_FACE", `Expected a face in ${path} but found none`, {
      hint: "Use a photo that shows a face larger and from the front.",
    });
  }
  for (const { embedding } of faces) {
    if (embedding.length === embedder.dimensions && embedding.every(Number.isFinite)) continue;
    // Faces with numbers that are not finite could not be searched.
    throw new LookalikeError(
      "ERR_GALLERY_EMBEDDER",
      expected(`${embedder.dimensions} finite numbers`, `the embedding of a face in ${path}`, [...embedding]),
      { hint: `Check the embedder ${embedder.id}.` },
    );
  }
  return null;
}

function changed(path: string): LookalikeError {
  return new LookalikeError("ERR_PHOTO_CHANGED", `${path} was written to while it was being read`, {
    hint: "Index again when the file is complete.",
  });
}

/** Several files may have the same content: its error is stored with this in place of the path. */
const ITS_PATH = "{photo}";

function unnamed(error: LookalikeError, path: string): LookalikeError {
  return new LookalikeError(error.code, error.message.replaceAll(path, ITS_PATH), { hint: error.hint });
}

function named(error: LookalikeError, path: string): LookalikeError {
  return new LookalikeError(error.code, error.message.replaceAll(ITS_PATH, path), { hint: error.hint });
}

function refused(error: LookalikeError): Enrolment {
  return { status: "refused", error };
}
