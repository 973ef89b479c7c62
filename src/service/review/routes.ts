import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { readExclusions, writeExclusions } from "../../campaign/index.ts";
import { LookalikeError } from "../../core/index.ts";
import type { ReviewSubject } from "../../handover/index.ts";
import type { Access } from "../api/access.ts";
import type { Http, Reply } from "../api/http.ts";
import { actOn } from "./board.ts";
import type { CatalogPhoto } from "./catalog.ts";
import { labelsFileOf, tagOf, writeFocus } from "./focus.ts";
import * as schemas from "./schemas.ts";
import { SESSION_COOKIE, type Sessions } from "./sessions.ts";
import type { ReviewState } from "./state.ts";
import { adRows, adView, photoViews } from "./views.ts";

export interface ReviewContext {
  readonly access: Access;
  readonly sessions: Sessions;
  readonly state: ReviewState;
  readonly now: () => Date;
}

const hidden = { hide: true };

/** The review pages and what they ask for; nothing here ever reads a customer's portrait. */
export function addReview(app: Http, context: ReviewContext): void {
  addPages(app);
  addSessions(app, context);
  addReads(app, context);
  addActs(app, context);
  addPictures(app, context);
}

const PAGES = fileURLToPath(new URL("../../../dist/service/web", import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function addPages(app: Http): void {
  const send = async (reply: Reply, name: string) => {
    const path = join(PAGES, name);
    if (!existsSync(path)) throw notFound("a file of the review pages; run `npm run build` first");
    reply.header("content-security-policy", POLICY);
    reply.header("x-content-type-options", "nosniff");
    reply.header("referrer-policy", "no-referrer");
    const isHashed = name.startsWith("assets/");
    reply.header("cache-control", isHashed ? "private, max-age=31536000, immutable" : "no-store");
    return reply.type(TYPES[extname(name)] ?? "application/octet-stream").send(await readFile(path));
  };
  app.get("/", { schema: hidden }, async (_, reply) => reply.redirect("/review/"));
  app.get("/review", { schema: hidden }, async (_, reply) => reply.redirect("/review/"));
  app.get("/review/", { schema: hidden }, (_, reply) => send(reply, "index.html"));
  app.get(
    "/review/assets/:file",
    { schema: { ...hidden, params: z.object({ file: z.string().regex(/^[\w-]+\.(js|css|svg)$/) }) } },
    (request, reply) => send(reply, `assets/${request.params.file}`),
  );
}

function addSessions(app: Http, { access, sessions, now }: ReviewContext): void {
  app.post(
    "/review/api/login",
    { schema: { ...hidden, body: schemas.login }, config: { rateLimit: { max: 20 } } },
    async (request, reply) => {
      const key = access.verify(request.body.key);
      if (key === null || !key.scopes.includes("review")) throw wrongKey();
      const { cookie, csrf } = sessions.open(key, now());
      reply.setCookie(SESSION_COOKIE, cookie, {
        path: "/review",
        httpOnly: true,
        sameSite: "strict",
        secure: request.protocol === "https",
      });
      return { name: key.name, scopes: [...key.scopes], csrf };
    },
  );
  app.post("/review/api/logout", { schema: hidden }, async (_, reply) => {
    reply.clearCookie(SESSION_COOKIE, { path: "/review" });
    return {};
  });
  app.get("/review/api/me", { schema: hidden, preValidation: access.needs("review") }, async (request) => {
    const key = access.keyOf(request);
    const cookie = request.cookies[SESSION_COOKIE];
    const csrf = cookie === undefined ? "" : sessions.csrfOf(cookie);
    return { name: key?.name ?? "", scopes: [...(key?.scopes ?? [])], csrf };
  });
}

function addReads(app: Http, { access, state }: ReviewContext): void {
  const preValidation = access.needs("review");
  app.get("/review/api/campaign", { schema: hidden, preValidation }, () => state.campaignView());
  app.get("/review/api/ads", { schema: hidden, preValidation }, async () => adRows(await state.parts()));
  app.get(
    "/review/api/ads/:hash",
    { schema: { ...hidden, params: schemas.params }, preValidation },
    async (request) => {
      const parts = await state.parts();
      const ad = parts.catalog.ads.get(request.params.hash);
      if (ad === undefined) throw notFound("an ad of this run");
      return adView(parts, ad);
    },
  );
  app.get("/review/api/photos", { schema: hidden, preValidation }, async () =>
    photoViews(await state.parts()),
  );
}

function addActs(app: Http, { access, state, now }: ReviewContext): void {
  const preValidation = access.needs("review");
  const addAct = (path: string, subject: ReviewSubject) =>
    app.post(path, { schema: { ...hidden, body: schemas.act }, preValidation }, async (request) => {
      const actor = access.actorOf(request);
      const { action, hashes } = request.body;
      const standings = actOn(state.reviews, subject, request.body, { actor, at: now() });
      state.audit?.append("review", { detail: { action, subject, count: hashes.length, by: actor } });
      return { standings };
    });
  addAct("/review/api/ads", "ad");
  addAct("/review/api/photos", "photo");

  app.post(
    "/review/api/exclusions",
    { schema: { ...hidden, body: schemas.exclude }, preValidation },
    async (request) => {
      const { photo: hash, offer, reason } = request.body;
      const photo = await photoOf(state, hash);
      const file = state.campaign.photos.exclusions;
      const others = (await readExclusions(file)).filter(
        (each) => !(photo.paths.includes(each.photo) && each.offer === offer),
      );
      await writeExclusions(file, [
        ...others,
        ...photo.paths.map((path) => ({ photo: path, offer, reason })),
      ]);
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
      const others = (await readExclusions(file)).filter((each) => !photo.paths.includes(each.photo));
      await writeExclusions(file, others);
      state.audit?.append("review", { detail: { action: "include", by: access.actorOf(request) } });
      return { excluded: 0 };
    },
  );

  app.get(
    "/review/api/photos/:hash/focus",
    { schema: { ...hidden, params: schemas.params }, preValidation },
    async (request, reply) => {
      const { photo } = await photoOf(state, request.params.hash);
      const tag = await tagOf(labelsFileOf(photo.path, state.campaign.inputs.inventory));
      reply.header("etag", `"${tag}"`);
      return { focus: photo.focus, tag };
    },
  );
  app.put(
    "/review/api/photos/:hash/focus",
    { schema: { ...hidden, params: schemas.params, body: schemas.setFocus }, preValidation },
    async (request, reply) => {
      const { photo } = await photoOf(state, request.params.hash);
      const file = labelsFileOf(photo.path, state.campaign.inputs.inventory);
      const seen = String(request.headers["if-match"] ?? "").replaceAll('"', "");
      const { focus } = request.body;
      const tag = await writeFocus(file, photo.path, { focus, tag: seen });
      await state.reindex();
      state.audit?.append("review", { detail: { action: "focus", by: access.actorOf(request) } });
      reply.header("etag", `"${tag}"`);
      return { focus, tag };
    },
  );
}

function addPictures(app: Http, { access, state }: ReviewContext): void {
  const preValidation = access.needs("review");
  const params = schemas.params;
  const jpeg = (reply: Reply, bytes: Buffer) =>
    reply.header("cache-control", "private, max-age=3600").type("image/jpeg").send(bytes);

  app.get(
    "/review/thumbs/ad/:hash",
    { schema: { ...hidden, params }, preValidation },
    async (request, reply) => {
      const ad = (await state.parts()).catalog.ads.get(request.params.hash);
      const [first] = ad?.creatives ?? [];
      if (first === undefined) throw notFound("an ad of this run");
      return jpeg(reply, await state.thumbnail(join(state.out, first.file), first.sha256, 240));
    },
  );
  app.get(
    "/review/thumbs/photo/:hash",
    { schema: { ...hidden, params }, preValidation },
    async (request, reply) => {
      const { photo, hash } = await photoOf(state, request.params.hash);
      return jpeg(reply, await state.thumbnail(photo.path, hash, 240));
    },
  );
  app.get(
    "/review/photos/:hash",
    { schema: { ...hidden, params }, preValidation },
    async (request, reply) => {
      const { photo, hash } = await photoOf(state, request.params.hash);
      return jpeg(reply, await state.thumbnail(photo.path, hash, 1200));
    },
  );
  app.get(
    "/review/creatives/:hash/:channel",
    { schema: { ...hidden, params: params.extend({ channel: z.string() }) }, preValidation },
    async (request, reply) => {
      const ad = (await state.parts()).catalog.ads.get(request.params.hash);
      const creative = ad?.creatives.find(({ channel }) => channel === request.params.channel);
      if (creative === undefined) throw notFound("a creative of this run");
      return reply.header("cache-control", "private, max-age=3600").sendFile(creative.file, state.out);
    },
  );
  const fraction = z.coerce.number().min(0).max(1);
  app.get(
    "/review/preview/:hash",
    {
      schema: {
        ...hidden,
        params,
        querystring: z.object({ offer: z.string(), channel: z.string(), x: fraction, y: fraction }),
      },
      preValidation,
    },
    async (request, reply) => {
      const { photo } = await photoOf(state, request.params.hash);
      const { offer, channel, x, y } = request.query;
      const { bytes, format } = await state.previewer.draw({ photo, offer, channel, focus: [x, y] });
      return reply.header("cache-control", "no-store").type(`image/${format}`).send(bytes);
    },
  );
}

async function photoOf(state: ReviewState, hash: string): Promise<CatalogPhoto> {
  const photo = (await state.parts()).catalog.photos.get(hash);
  if (photo === undefined) throw notFound("a photo of the gallery");
  return photo;
}

function notFound(what: string): LookalikeError {
  return new LookalikeError("ERR_CUSTOMER_UNKNOWN", `Expected ${what} but found none`, {
    hint: "Reload the page: the run may have changed.",
  });
}

function wrongKey(): LookalikeError {
  return new LookalikeError(
    "ERR_ACCESS_DENIED",
    "Expected a key with the scope review but received another",
    {
      hint: "Get a key from the operator of the service: lookalike token create --scope review --name <you>",
    },
  );
}
