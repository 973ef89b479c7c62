import { z } from "zod";
import type { Http, Reply } from "../../api/http.ts";
import { ASSET_NAME, readPageFile } from "../../pages.ts";
import { hidden, notFound } from "./context.ts";

/** Routes of the built client. */
export function addPages(app: Http): void {
  const send = async (reply: Reply, name: string) => {
    const file = await readPageFile(name);
    if (file === null) throw notFound("a file of the review pages; run `npm run build` first");
    return reply.headers(file.headers).send(file.bytes);
  };
  app.get("/", { schema: hidden }, async (_, reply) => reply.redirect("/review/"));
  app.get("/review", { schema: hidden }, async (_, reply) => reply.redirect("/review/"));
  app.get("/review/", { schema: hidden }, (_, reply) => send(reply, "index.html"));
  app.get(
    "/review/assets/:file",
    { schema: { ...hidden, params: z.object({ file: z.string().regex(ASSET_NAME) }) } },
    (request, reply) => send(reply, `assets/${request.params.file}`),
  );
}
