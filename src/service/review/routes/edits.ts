import { chosenFace, type Exclusion, readExclusions, writeExclusions } from "../../../campaign/index.ts";
import type { GalleryPhoto } from "../../../gallery/index.ts";
import type { Http } from "../../api/http.ts";
import { type Focus, labelsFileOf, tagOf, writeFocus } from "../focus.ts";
import * as schemas from "../schemas.ts";
import { hidden, photoOf, type ReviewContext } from "./context.ts";

/** Routes that change `exclusions.csv` and `photos.csv`; the next run applies the changes. */
export function addEdits(app: Http, context: ReviewContext): void {
  addExclusions(app, context);
  addFocus(app, context);
}

function addExclusions(app: Http, { access, state }: ReviewContext): void {
  const onRequest = access.needs("review");
  app.post(
    "/review/api/exclusions",
    { schema: { ...hidden, body: schemas.exclude }, onRequest },
    async (request) => {
      const { photo: hash, offer, reason } = request.body;
      const photo = await photoOf(state, hash);
      await changeExclusions(state, (all) => [
        ...all.filter((each) => !(photo.paths.includes(each.photo) && each.offer === offer)),
        ...photo.paths.map((path) => ({ photo: path, offer, reason })),
      ]);
      state.audit?.append("review", { detail: { action: "exclude", offer, by: access.actorOf(request) } });
      return { excluded: photo.paths.length };
    },
  );
  app.delete(
    "/review/api/exclusions/:hash",
    { schema: { ...hidden, params: schemas.params, querystring: schemas.include }, onRequest },
    async (request) => {
      const photo = await photoOf(state, request.params.hash);
      const { offer } = request.query;
      const isRemoved = (each: Exclusion) =>
        photo.paths.includes(each.photo) && (offer === undefined || each.offer === offer);
      await changeExclusions(state, (all) => all.filter((each) => !isRemoved(each)));
      const detail = { action: "include", offer: offer ?? null, by: access.actorOf(request) };
      state.audit?.append("review", { detail });
      return { excluded: 0 };
    },
  );
}

function changeExclusions(
  { campaign, change }: ReviewContext["state"],
  to: (all: readonly Exclusion[]) => readonly Exclusion[],
): Promise<void> {
  const file = campaign.photos.exclusions;
  return change(async () => writeExclusions(file, to(await readExclusions(file))));
}

function addFocus(app: Http, { access, state }: ReviewContext): void {
  const onRequest = access.needs("review");
  app.get(
    "/review/api/photos/:hash/focus",
    { schema: { ...hidden, params: schemas.params }, onRequest },
    async (request, reply) => {
      const { photo } = await photoOf(state, request.params.hash);
      const tag = await tagOf(labelsFileOf(photo.path, state.campaign.inputs.inventory));
      reply.header("etag", `"${tag}"`);
      return { focus: photo.focus, ...leadOf(photo, photo.lead ?? null), tag };
    },
  );
  app.put(
    "/review/api/photos/:hash/focus",
    { schema: { ...hidden, params: schemas.params, body: schemas.setFocus }, onRequest },
    async (request, reply) => {
      const { photo } = await photoOf(state, request.params.hash);
      const file = labelsFileOf(photo.path, state.campaign.inputs.inventory);
      const seen = String(request.headers["if-match"] ?? "").replaceAll('"', "");
      const { focus, lead } = request.body;
      const tag = await state.change(async () => {
        const written = await writeFocus(file, photo.path, { focus, lead, tag: seen });
        await state.reindex();
        return written;
      });
      state.audit?.append("review", { detail: { action: "focus", by: access.actorOf(request) } });
      reply.header("etag", `"${tag}"`);
      return { focus, ...leadOf(photo, lead === undefined ? (photo.lead ?? null) : lead), tag };
    },
  );
}

/** The leading face, chosen by the same rule as in a run. */
function leadOf(photo: GalleryPhoto, lead: Focus) {
  return { lead, leading: chosenFace(photo.faces, { ...photo, lead: lead ?? undefined }) };
}
