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

/** Enrols every photo of the scan; each is committed on its own as soon as its faces are known. */
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

  const describing = new Map<string, NewPhoto>();
  const hashes = new Set<string>();
  const twins: NewPhoto[] = [];

  /** Settles what is known as it comes, and hands on what must be described. */
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
  // By now the content of these is known, unless the file that showed it first could not be read to the end.
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

/** That the run is stopped, or its engine closed, says nothing of the photo. */
function unlessStopped(outcome: PhotoOutcome<string>): PhotoOutcome<string> {
  if (outcome.status === "described") return outcome;
  const { code } = outcome.error;
  if (code === "ERR_ABORTED" || code === "ERR_ENGINE_CLOSED") throw outcome.error;
  return outcome;
}
