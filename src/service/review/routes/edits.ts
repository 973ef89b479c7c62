import { readExclusions, writeExclusions } from "../../../campaign/index.ts";
import type { Http } from "../../api/http.ts";
import { labelsFileOf, tagOf, writeFocus } from "../focus.ts";
import * as schemas from "../schemas.ts";
import { hidden, photoOf, type ReviewContext } from "./context.ts";

/** Changes of the campaign's own files, which the next run obeys: `exclusions.csv` and `photos.csv`. */
export function addEdits(app: Http, context: ReviewContext): void {
  addExclusions(app, context);
  addFocus(app, context);
}

function addExclusions(app: Http, { access, state }: ReviewContext): void {
  const preValidation = access.needs("review");
  // Two people who exclude photos at the same time change one file.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
  app.post(
    "/review/api/exclusions",
    { schema: { ...hidden, body: schemas.exclude }, preValidation },
    async (request) => {
      const { photo: hash, offer, reason } = request.body;
      const photo = await photoOf(state, hash);
      const file = state.campaign.photos.exclusions;
      await inTurn(async () => {
        const others = (await readExclusions(file)).filter(
          (each) => !(photo.paths.includes(each.photo) && each.offer === offer),
        );
        await writeExclusions(file, [
          ...others,
          ...photo.paths.map((path) => ({ photo: path, offer, reason })),
        ]);
      });
      state.audit?.append("review", { detail: { action: "exclude", offer, by: access.actorOf(request) } });
      return { excluded: photo.paths.length };
    },
  );
  app.delete(
    "/review/api/exclusions/:hash",
    { schema: { ...hidden, params: schemas.params }, preValidation },
    async (request) => {
      const photo = await photoOf(state, request.params.hash);
      const file = state.campaign.photos.exclusions;
      await inTurn(async () => {
        const others = (await readExclusions(file)).filter((each) => !photo.paths.includes(each.photo));
        await writeExclusions(file, others);
      });
      state.audit?.append("review", { detail: { action: "include", by: access.actorOf(request) } });
      return { excluded: 0 };
    },
  );
}

function addFocus(app: Http, { access, state }: ReviewContext): void {
  const preValidation = access.needs("review");
  app.get(
    "/review/api/photos/:hash/focus",
    { schema: { ...hidden, params: schemas.params }, preValidation },
    async (request, reply) => {
      const { photo } = await photoOf(state, request.params.hash);
      const tag = await tagOf(labelsFileOf(photo.path, state.campaign.inputs.inventory));
      reply.header("etag", `"${tag}"`);
      return { focus: photo.focus, lead: photo.lead ?? null, tag };
    },
  );
  app.put(
    "/review/api/photos/:hash/focus",
    { schema: { ...hidden, params: schemas.params, body: schemas.setFocus }, preValidation },
    async (request, reply) => {
      const { photo } = await photoOf(state, request.params.hash);
      const file = labelsFileOf(photo.path, state.campaign.inputs.inventory);
      const seen = String(request.headers["if-match"] ?? "").replaceAll('"', "");
      const { focus, lead } = request.body;
      const tag = await writeFocus(file, photo.path, { focus, lead, tag: seen });
      await state.reindex();
      state.audit?.append("review", { detail: { action: "focus", by: access.actorOf(request) } });
      reply.header("etag", `"${tag}"`);
      return { focus, lead: lead === undefined ? (photo.lead ?? null) : lead, tag };
    },
  );
}
