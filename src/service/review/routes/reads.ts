import type { Http } from "../../api/http.ts";
import * as schemas from "../schemas.ts";
import { adRows, adView, photoViews } from "../views.ts";
import { hidden, notFound, type ReviewContext } from "./context.ts";

/** Routes that read what the pages show. */
export function addReads(app: Http, { access, state }: ReviewContext): void {
  const onRequest = access.needs("review");
  app.get("/review/api/campaign", { schema: hidden, onRequest }, () => state.campaignView());
  app.get("/review/api/results", { schema: hidden, onRequest }, async () => ({
    results: await state.results(),
  }));
  app.get("/review/api/ads", { schema: hidden, onRequest }, async () => adRows(await state.parts()));
  app.get(
    "/review/api/ads/:hash",
    { schema: { ...hidden, params: schemas.params }, onRequest },
    async (request) => {
      const parts = await state.parts();
      const ad = parts.catalog.ads.get(request.params.hash);
      if (ad === undefined) throw notFound("an ad of this run");
      return adView(parts, ad);
    },
  );
  app.get("/review/api/photos", { schema: hidden, onRequest }, async () => photoViews(await state.parts()));
}
