import type { ReviewSubject } from "../../../handover/index.ts";
import type { Http } from "../../api/http.ts";
import { actOn } from "../act.ts";
import * as schemas from "../schemas.ts";
import { hidden, type ReviewContext } from "./context.ts";

/** Routes for approvals, rejections, comments and assignments of ads and photos. */
export function addActs(app: Http, { access, state, now }: ReviewContext): void {
  const onRequest = access.needs("review");
  const addAct = (path: string, subject: ReviewSubject) =>
    app.post(path, { schema: { ...hidden, body: schemas.act }, onRequest }, async (request) => {
      const actor = access.actorOf(request);
      const { action, hashes } = request.body;
      const standings = actOn(state.reviews, subject, request.body, { actor, at: now() });
      state.audit?.append("review", { detail: { action, subject, count: hashes.length, by: actor } });
      return { standings };
    });
  addAct("/review/api/ads", "ad");
  addAct("/review/api/photos", "photo");
}
