import type { Http } from "../api/http.ts";
import { addActs } from "./routes/acts.ts";
import type { ReviewContext } from "./routes/context.ts";
import { addEdits } from "./routes/edits.ts";
import { addPages } from "./routes/pages.ts";
import { addPictures } from "./routes/pictures.ts";
import { addReads } from "./routes/reads.ts";
import { addSessions } from "./routes/sessions.ts";

/** Adds the review pages and their routes; no route reads the portrait of a customer. */
export function addReview(app: Http, context: ReviewContext): void {
  addPages(app);
  addSessions(app, context);
  addReads(app, context);
  addActs(app, context);
  addEdits(app, context);
  addPictures(app, context);
}
