import type { ApiContext } from "./context.ts";
import { addDocs } from "./docs-page.ts";
import { handleErrors } from "./errors.ts";
import { addFiles, addLimits, type Http } from "./http.ts";
import { logRequests } from "./logging.ts";
import { addCreatives } from "./routes/creatives.ts";
import { addDecisions } from "./routes/decisions.ts";
import { addHealth } from "./routes/health.ts";
import { addPeople } from "./routes/people.ts";
import { addRecords } from "./routes/records.ts";
import { addShedding, type SheddingLimits } from "./shedding.ts";

/** Callers without a key, by their address. */
const ANONYMOUS_PER_MINUTE = 6000;

/** All addresses of the API, on a server that has its access rules. */
export async function addApi(
  app: Http,
  context: ApiContext,
  { shedding }: { readonly shedding?: SheddingLimits | undefined } = {},
): Promise<void> {
  handleErrors(app, context);
  logRequests(app, context);
  addShedding(app, context, shedding);
  await addLimits(app, {
    keyOf: ({ caller, ip }) => caller?.id ?? ip,
    perMinute: ({ caller }) => caller?.perMinute ?? ANONYMOUS_PER_MINUTE,
  });
  await addFiles(app, context.out);
  addDecisions(app, context);
  addCreatives(app, context);
  addRecords(app, context);
  addPeople(app, context);
  addHealth(app, context);
  addDocs(app);
}
