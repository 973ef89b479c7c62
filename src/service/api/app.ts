import { addJsonBodies } from "./body.ts";
import type { ApiContext } from "./context.ts";
import { addDocs } from "./docs-page.ts";
import { handleErrors } from "./errors.ts";
import { addFiles, addLimits, type Http, type LogStream } from "./http.ts";
import { logRequests } from "./logging.ts";
import { addCreatives } from "./routes/creatives.ts";
import { addDecisions } from "./routes/decisions.ts";
import { addHealth } from "./routes/health.ts";
import { addPeople } from "./routes/people.ts";
import { addRecords } from "./routes/records.ts";
import { addShedding, type SheddingLimits } from "./shedding.ts";

/** Limit of callers without a key, per address. */
const ANONYMOUS_PER_MINUTE = 6000;

export interface ApiOptions {
  /** Default: `SHEDDING`. */
  readonly shedding?: SheddingLimits | undefined;
  /** Receives one line per request; default: no log. */
  readonly log?: LogStream | null | undefined;
}

/** Adds all routes of the API to a server that has access rules. */
export async function addApi(
  app: Http,
  context: ApiContext,
  { shedding, log = null }: ApiOptions = {},
): Promise<void> {
  addJsonBodies(app);
  handleErrors(app, context);
  logRequests(app, context, log);
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
