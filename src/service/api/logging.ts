import type { ApiContext } from "./context.ts";
import type { Http, LogStream } from "./http.ts";
import { isoTime } from "./time.ts";

/**
 * Logs one line per request, with the route instead of the address: customer ids and names of decisions are never
 * logged. The line has the form of the logger's own lines, which take several times as long to write.
 *
 * @param log null: only the metrics are updated
 */
export function logRequests(app: Http, { metrics }: ApiContext, log: LogStream | null): void {
  app.addHook("onResponse", (request, reply, done) => {
    const { method } = request;
    const { statusCode: status, elapsedTime } = reply;
    const route = request.routeOptions.url ?? "unknown";
    metrics.request(route, method, status, elapsedTime / 1000);
    if (log !== null) {
      const ms = Math.round(elapsedTime * 100) / 100;
      const key = request.caller?.id;
      // The same id as in the line of the error.
      const id = status < 500 ? undefined : request.id;
      const line = { level: INFO, time: isoTime(), method, route, status, ms, key, id, msg: "request" };
      log.write(`${JSON.stringify(line)}\n`);
    }
    done();
  });
}

/** The logger's number of the level `info`. */
const INFO = 30;
