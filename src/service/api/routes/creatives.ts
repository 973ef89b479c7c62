import { z } from "zod";
import { LookalikeError } from "../../../core/index.ts";
import type { ApiContext } from "../context.ts";
import type { Http } from "../http.ts";

const params = z.object({
  channel: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  file: z.string().regex(/^[0-9a-f]{20}\.(jpg|png|webp|avif)$/),
});

/** Route of the creatives. A file is named by its content: it can be cached forever, and its URL cannot be guessed. */
export function addCreatives(app: Http, context: ApiContext): void {
  app.get(
    "/v1/creatives/:channel/:file",
    { schema: { tags: ["decisions"], summary: "A picture of an ad; it never changes", params } },
    async (request, reply) => {
      const { channel, file } = request.params;
      const path = `creatives/${channel}/${file}`;
      if (!context.mayShowFile(path)) throw noPicture();
      reply.header("cache-control", "public, max-age=31536000, immutable");
      reply.header("x-content-type-options", "nosniff");
      reply.header("cross-origin-resource-policy", "cross-origin");
      return reply.sendFile(path, context.out);
    },
  );
}

function noPicture(): LookalikeError {
  return new LookalikeError("ERR_CUSTOMER_UNKNOWN", "Expected a picture of this run but found none", {
    hint: "Request the decision again: its images may have changed.",
  });
}
