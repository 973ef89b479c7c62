import { LookalikeError } from "../../../core/index.ts";
import type { Access } from "../../api/access.ts";
import type { CatalogPhoto } from "../catalog.ts";
import type { Sessions } from "../sessions.ts";
import type { ReviewState } from "../state.ts";

/** What the routes of the review pages use of the service. */
export interface ReviewContext {
  readonly access: Access;
  readonly sessions: Sessions;
  readonly state: ReviewState;
  readonly now: () => Date;
}

/** Keeps the routes of the pages out of the published API. */
export const hidden = { hide: true };

/** @throws ERR_CUSTOMER_UNKNOWN */
export async function photoOf(state: ReviewState, hash: string): Promise<CatalogPhoto> {
  const photo = (await state.parts()).catalog.photos.get(hash);
  if (photo === undefined) throw notFound("a photo of the gallery");
  return photo;
}

/** @param what the expected thing, such as "an ad of this run" */
export function notFound(what: string): LookalikeError {
  return new LookalikeError("ERR_CUSTOMER_UNKNOWN", `Expected ${what} but found none`, {
    hint: "Reload the page: the run may have changed.",
  });
}
