import type { ApiContext } from "./context.ts";
import type { Http } from "./http.ts";

/** One line a request, with the route in place of the address: ids and names of decisions are never logged. */
export function logRequests(app: Http, { metrics }: ApiContext): void {
  app.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? "unknown";
    const ms = Math.round(reply.elapsedTime * 100) / 100;
    metrics.request(route, request.method, reply.statusCode, reply.elapsedTime / 1000);
    const key = request.caller?.id;
    // As in the line of the error.
    const id = reply.statusCode < 500 ? undefined : request.id;
    request.log.info({ method: request.method, route, status: reply.statusCode, ms, key, id }, "request");
    done();
  });
}
