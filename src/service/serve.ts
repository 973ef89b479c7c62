import { createHmac } from "node:crypto";
import { resolve } from "node:path";
import { addAccess } from "./api/access.ts";
import { addApi } from "./api/app.ts";
import type { ApiContext } from "./api/context.ts";
import { loading } from "./api/errors.ts";
import { createHttp, type LogStream } from "./api/http.ts";
import { createMetrics } from "./api/metrics.ts";
import type { SheddingLimits } from "./api/shedding.ts";
import { createNames } from "./decide/token.ts";
import { createErasure } from "./erasure.ts";
import { cannotListen, urlOf } from "./listen.ts";
import type { ServiceCampaign } from "./load/options.ts";
import { openReloading, type ReloadingResponder } from "./load/reloading.ts";
import { addReview } from "./review/routes.ts";
import { createSessions } from "./review/sessions.ts";
import { openReviewState } from "./review/state.ts";
import { openStores } from "./stores.ts";

export interface ServiceOptions {
  /** Opens the campaign; called again when its files change. */
  readonly open: () => Promise<ServiceCampaign>;
  /** Layout of the ads; default `panel`. */
  readonly template?: string | undefined;
  /** The folder of a finished run. */
  readonly out: string;
  /** Address to listen on; default 127.0.0.1. Any address beyond this machine requires keys. */
  readonly host?: string | undefined;
  /** Default 8787; 0: any free port. */
  readonly port?: number | undefined;
  /** Host names of the server, in addition to its addresses and localhost. */
  readonly hostNames?: readonly string[] | undefined;
  /** Addresses of proxies whose `x-forwarded-for` is trusted; default: none. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Require keys on this machine too; default: only once there is a key. */
  readonly requireKeys?: boolean | undefined;
  /** Receives one JSON line per request; default: no log. */
  readonly log?: LogStream | null | undefined;
  readonly shedding?: SheddingLimits | undefined;
  /** Version that `/openapi.json` shows. */
  readonly version?: string | undefined;
  /** The clock; default: the machine's. */
  readonly now?: (() => Date) | undefined;
  /** Removes an erased customer from other places, such as runs on several machines; default: there are none. */
  readonly eraseElsewhere?: ((customerId: string) => Promise<void>) | undefined;
}

export interface Service {
  /** The address, as `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Resolves when decisions are answered; until then `/readyz` is 503. Rejects if loading fails. */
  readonly ready: Promise<void>;
  /** Resolves when no portrait or picture is waiting. */
  idle(): Promise<void>;
  /** Accepts no more requests, finishes open ones, writes what is waiting, and closes the files. */
  close(): Promise<void>;
}

/**
 * Serves the decisions of a finished run over HTTP, decides for customers who are not in the run, and accepts
 * outcomes, exposures, withdrawals and erasures.
 *
 * @throws ERR_RUN_UNREADABLE `out` contains no finished run; nothing is written into it
 * @throws ERR_OPTION_INVALID keys are required and there are none, or the address is in use
 * @throws what opening the campaign throws
 *
 * @example
 * const service = await startService({ open: () => openCampaign("campaign.yaml"), out: "ads" });
 * await service.ready;
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { open, host = "127.0.0.1", port = 8787, now = () => new Date(), log = null } = options;
  const { template, trustedProxies = [], hostNames = [], version = "0.0.0" } = options;
  const out = resolve(options.out);
  const stores = await openStores({ open, out, host, requireKeys: options.requireKeys === true });
  const { lasting, keys, records, writer } = stores;
  const { campaign, vault, consents, audit } = lasting;
  let reloading: ReloadingResponder | null = null;
  let isDraining = false;

  const app = await createHttp({ version, trustedProxies, log });
  const sessions = createSessions(keys, now);
  const access = addAccess(app, {
    keys,
    needsKeys: stores.needsKeys,
    hosts: hostNames,
    sessionOf: (request) => sessions.keyOf(request),
    now,
  });
  const metrics = createMetrics({
    pending: () => reloading?.responder().pending ?? 0,
    decisions: () => reloading?.responder().index.size ?? 0,
  });
  const context: ApiContext = {
    ...{ access, metrics, writer, consents, audit, vault, out, now },
    responder() {
      if (reloading === null) throw loading("Expected a loaded campaign but it is still loading");
      return reloading.responder();
    },
    erase: createErasure(lasting, out, options.eraseElsewhere),
    status() {
      const responder = reloading?.responder();
      const loaded = responder === undefined ? ("loading" as const) : ("ready" as const);
      return {
        status: isDraining ? "draining" : loaded,
        campaign: responder?.index.campaign ?? null,
        version: responder?.version ?? null,
        decisions: responder?.index.size ?? 0,
        pending: responder?.pending ?? 0,
        stale: reloading?.stale ?? null,
      };
    },
    mayShowFile: (file) => reloading?.responder().mayShowFile(file) ?? false,
    onceKey: (caller, route, key) =>
      createHmac("sha256", keys.secret)
        .update(JSON.stringify(["once", caller, route, key]))
        .digest("base64url"),
  };
  await addApi(app, context, { shedding: options.shedding, log });
  const state = openReviewState({
    ...{ campaign, out, records, audit, vault, template, now },
    gallery: await lasting.gallery(),
    engine: lasting.engine,
  });
  addReview(app, { access, sessions, state, now });

  const release = async () => {
    await state.close();
    metrics.close();
    await stores.close();
  };
  await app.listen({ host, port }).catch(async (cause) => {
    await app.close();
    await release();
    throw cannotListen(cause, `${host}:${port}`);
  });
  const ready = open()
    .then((opened) =>
      openReloading({
        ...{ open, opened, template, out, records, writer, now },
        nameOf: createNames(keys.secret, campaign.name),
        onError: (error) => app.log.error({ error: String(error) }, "work in the background failed"),
        onReload(result, error) {
          metrics.reload(result);
          if (result === "failed") app.log.error({ error: String(error) }, "a change on disk was rejected");
          else app.log.info("a change on disk was loaded");
        },
      }),
    )
    .then((opened) => {
      reloading = opened;
    });
  ready.catch(() => {});
  return {
    url: urlOf(app.server.address(), host),
    ready,
    idle: async () => reloading?.responder().idle(),
    async close() {
      isDraining = true;
      // A connection that stays open after its last answer would delay the end by a minute.
      const timer = setInterval(() => app.server.closeIdleConnections(), IDLE_EVERY_MS);
      await app.close().finally(() => clearInterval(timer));
      await ready.catch(() => {});
      await reloading?.close();
      await release();
    },
  };
}

const IDLE_EVERY_MS = 100;
