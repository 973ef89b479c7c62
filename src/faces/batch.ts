import { isLookalikeError, mapOrdered, throwIfAborted } from "../core/index.ts";
import type { FaceEngine, PhotoOutcome, PhotoSource } from "./types.ts";

/**
 * Describes many photos, `atOnce` at a time, and yields the outcomes in input order. At most `atOnce` photos
 * are ahead of the caller's current one, so memory does not grow with their number.
 *
 * @throws ERR_ABORTED, ERR_ENGINE_CLOSED, and every error that is not one of the photo (`ERR_PHOTO_...`)
 */
export function describeInOrder<T extends PhotoSource>(
  photos: Iterable<T> | AsyncIterable<T>,
  describe: FaceEngine["describe"],
  atOnce: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<PhotoOutcome<T>> {
  // One more than requested, so that no thread waits for the caller.
  return mapOrdered(photos, atOnce + 1, (photo) => {
    throwIfAborted(signal);
    return describeOne(photo, describe, signal);
  });
}

async function describeOne<T extends PhotoSource>(
  photo: T,
  describe: FaceEngine["describe"],
  signal: AbortSignal | undefined,
): Promise<PhotoOutcome<T>> {
  try {
    return { status: "described", photo, ...(await describe(photo, { signal })) };
  } catch (error) {
    const photoAtFault = isLookalikeError(error) && error.code.startsWith("ERR_PHOTO_");
    if (!photoAtFault) throw error;
    return { status: "refused", photo, error };
  }
}
