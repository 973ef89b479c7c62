import { isLookalikeError, throwIfAborted } from "../../core/index.ts";
import type { FaceEngine, PhotoOutcome } from "../../faces/index.ts";
import { decoderVersion } from "../../io/image/index.ts";
import type { Scan } from "../state/scan.ts";
import type { Refusal } from "./collect.ts";
import { type EnrolContext, type Enrolment, enrolDescribed, enrolKnown, type NewPhoto } from "./enrol.ts";
import type { IndexRun } from "./types.ts";

export interface Tally {
  indexed: number;
  unchanged: number;
  readonly refusals: Refusal[];
}

/** Enrols every photo of the scan; each is committed separately as soon as it is described. */
export async function enrolAll(run: IndexRun, scan: Scan): Promise<Tally> {
  const { engine, options } = run;
  const context: EnrolContext = {
    ...run,
    scan,
    embedder: engine.embedder,
    attributesId: engine.attributesId,
    featuresId: engine.featuresId ?? null,
    reader: `${engine.name}; ${await decoderVersion()}`,
  };
  const tally: Tally = { indexed: 0, unchanged: 0, refusals: [] };
  const total = scan.count();
  let done = 0;
  const count = (photo: string, enrolment: Enrolment): void => {
    if (enrolment.status === "refused") tally.refusals.push({ photo, error: enrolment.error });
    else tally[enrolment.status]++;
    options.onProgress?.({ done: ++done, total, photo });
  };

  /** Photos that the engine describes at present, by path, and their hashes. */
  const describing = new Map<string, NewPhoto>();
  const hashes = new Set<string>();
  /** Photos with the content of one that is being described; they are enrolled after it. */
  const twins: NewPhoto[] = [];

  /** Enrols photos of known content, and yields the others. */
  async function* findNew(): AsyncGenerator<string> {
    for (const photo of scan.photos()) {
      throwIfAborted(options.signal);
      const enrolment = await enrolKnown(context, photo);
      if ("status" in enrolment) {
        count(photo.path, enrolment);
      } else if (hashes.has(enrolment.hash)) {
        twins.push(enrolment);
      } else {
        hashes.add(enrolment.hash);
        describing.set(photo.path, enrolment);
        yield photo.path;
      }
    }
  }

  const { signal, jobs } = options;
  for await (const outcome of engine.describeAll(findNew(), { signal, jobs })) {
    const photo = describing.get(outcome.photo);
    if (photo === undefined) continue;
    count(outcome.photo, await enrolDescribed(context, photo, unlessStopped(outcome)));
    describing.delete(outcome.photo);
    hashes.delete(photo.hash);
  }
  // Their content is known now, unless the file that was described first changed while it was read.
  for (const { photo } of twins) {
    throwIfAborted(signal);
    const enrolment = await enrolKnown(context, photo);
    if ("status" in enrolment) count(photo.path, enrolment);
    else
      count(photo.path, await enrolDescribed(context, enrolment, await describe(engine, photo.path, signal)));
  }
  return tally;
}

async function describe(
  engine: FaceEngine,
  photo: string,
  signal: AbortSignal | undefined,
): Promise<PhotoOutcome<string>> {
  try {
    return { status: "described", photo, ...(await engine.describe(photo, { signal })) };
  } catch (error) {
    if (!isLookalikeError(error)) throw error;
    return unlessStopped({ status: "refused", photo, error });
  }
}

/** Throws if the run was stopped or the engine closed: that is not an error of the photo. */
function unlessStopped(outcome: PhotoOutcome<string>): PhotoOutcome<string> {
  if (outcome.status === "described") return outcome;
  const { code } = outcome.error;
  if (code === "ERR_ABORTED" || code === "ERR_ENGINE_CLOSED") throw outcome.error;
  return outcome;
}
