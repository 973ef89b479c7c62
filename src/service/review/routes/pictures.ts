import { join } from "node:path";
import { z } from "zod";
import type { Http, Reply } from "../../api/http.ts";
import * as schemas from "../schemas.ts";
import { hidden, notFound, photoOf, type ReviewContext } from "./context.ts";

/** Enough for a card on a 4K screen. */
const THUMB_PX = 360;

/** Routes for thumbnails, photos of the inventory, creatives, and previews with an unsaved focal point. */
export function addPictures(app: Http, { access, state }: ReviewContext): void {
  const onRequest = access.needs("review");
  const params = schemas.params;
  const jpeg = (reply: Reply, bytes: Buffer) =>
    reply.header("cache-control", "private, max-age=3600").type("image/jpeg").send(bytes);

  app.get("/review/thumbs/ad/:hash", { schema: { ...hidden, params }, onRequest }, async (request, reply) => {
    const ad = (await state.parts()).catalog.ads.get(request.params.hash);
    const [first] = ad?.creatives ?? [];
    if (first === undefined) throw notFound("an ad of this run");
    return jpeg(reply, await state.thumbnail(join(state.out, first.file), first.sha256, THUMB_PX));
  });
  app.get(
    "/review/thumbs/photo/:hash",
    { schema: { ...hidden, params }, onRequest },
    async (request, reply) => {
      const { photo, hash } = await photoOf(state, request.params.hash);
      return jpeg(reply, await state.thumbnail(photo.path, hash, THUMB_PX));
    },
  );
  app.get("/review/photos/:hash", { schema: { ...hidden, params }, onRequest }, async (request, reply) => {
    const { photo, hash } = await photoOf(state, request.params.hash);
    return jpeg(reply, await state.thumbnail(photo.path, hash, 1200));
  });
  app.get(
    "/review/creatives/:hash/:channel",
    { schema: { ...hidden, params: params.extend({ channel: z.string() }) }, onRequest },
    async (request, reply) => {
      const ad = (await state.parts()).catalog.ads.get(request.params.hash);
      const creative = ad?.creatives.find(({ channel }) => channel === request.params.channel);
      if (creative === undefined) throw notFound("a creative of this run");
      return reply.header("cache-control", "private, max-age=3600").sendFile(creative.file, state.out);
    },
  );
  const fraction = z.coerce.number().min(0).max(1).optional();
  const point = (x: number | undefined, y: number | undefined) =>
    x === undefined || y === undefined ? null : ([x, y] as const);
  app.get(
    "/review/preview/:hash",
    {
      schema: {
        ...hidden,
        params,
        querystring: z.object({
          offer: z.string(),
          channel: z.string(),
          ...{ x: fraction, y: fraction, lead_x: fraction, lead_y: fraction },
        }),
      },
      onRequest,
    },
    async (request, reply) => {
      const { photo } = await photoOf(state, request.params.hash);
      const { offer, channel, x, y, lead_x, lead_y } = request.query;
      const edit = { focus: point(x, y), lead: point(lead_x, lead_y) };
      const { bytes, format } = await state.previewer.draw({ photo, offer, channel, ...edit });
      return reply.header("cache-control", "no-store").type(`image/${format}`).send(bytes);
    },
  );
}
