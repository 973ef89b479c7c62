import { createHmac } from "node:crypto";
import { type AddressInfo, isIP } from "node:net";
import { resolve } from "node:path";
import { eraseCustomer } from "../campaign/index.ts";
import { LookalikeError } from "../core/index.ts";
import { findKnownRuns, openRecords, startWriter } from "../handover/index.ts";
import { openAccessKeys, privacyFiles } from "../trust/index.ts";
import { addAccess } from "./api/access.ts";
import { addApi } from "./api/app.ts";
import type { ApiContext } from "./api/context.ts";
import { loading } from "./api/errors.ts";
import { createHttp } from "./api/http.ts";
import { createMetrics } from "./api/metrics.ts";
import type { SheddingLimits } from "./api/shedding.ts";
import { createNames } from "./decide/token.ts";
import { cannotListen } from "./listen.ts";
import { type DeskHolder, holdDesk, type ServiceCampaign } from "./load/desk-holder.ts";
import { addReview } from "./review/routes.ts";
import { createSessions } from "./review/sessions.ts";
import { openReviewState } from "./review/state.ts";
import { createTurns } from "./turns.ts";

export interface ServiceOptions {
  /** Opens the campaign; called again when its files change. */
  readonly open: () => Promise<ServiceCampaign>;
  /** How ads are laid out; default `panel`. */
  readonly template?: string | undefined;
  /** The folder of a finished run. */
  readonly out: string;
  /** Default 127.0.0.1; beyond this machine, keys are demanded. */
  readonly host?: string | undefined;
  /** Default 8787; 0: any that is free. */
  readonly port?: number | undefined;
  /** Host names of the server, in addition to its addresses and localhost. */
  readonly hostNames?: readonly string[] | undefined;
  /** Addresses of proxies whose `x-forwarded-for` is trusted; default: none. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Demand keys on this machine too; default: where there are any. */
  readonly requireKeys?: boolean | undefined;
  /** One JSON line a request; default: no log. */
  readonly log?: { write(line: string): void } | null | undefined;
  readonly shedding?: SheddingLimits | undefined;
  /** Version that `/openapi.json` shows. */
  readonly version?: string | undefined;
  /** The clock; default: the machine's. */
  readonly now?: (() => Date) | undefined;
}

export interface Service {
  /** Where it listens, as `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Resolves when decisions are answered; until then `/readyz` is 503. Rejects where loading fails. */
  readonly ready: Promise<void>;
  /** Resolves when no portrait or picture is under way. */
  idle(): Promise<void>;
  /** Stops taking requests, ends those under way, writes what is waiting, and closes the files. */
  close(): Promise<void>;
}

/**
 * Serves the decisions of a finished run over HTTP, decides for customers who are not in the run, and accepts
 * outcomes, exposures, withdrawals and erasures.
 *
 * @throws ERR_OPTION_INVALID keys are demanded and there are none; and what opening the campaign throws
 *
 * @example
 * const service = await startService({ open: () => openCampaign("campaign.yaml"), out: "ads" });
 * await service.ready;
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { open, host = "127.0.0.1", port = 8787, now = () => new Date(), log = null } = options;
  const out = resolve(options.out);
  const opened = await open();
  const { campaign, vault } = opened;
  const keys = openAccessKeys(privacyFiles(campaign.privacy.folder).access, { vault });
  const needsKeys = options.requireKeys === true || !isLoopback(host);
  if (needsKeys && keys.isEmpty()) {
    keys.close();
    await opened.close();
    throw noKeys(host);
  }
  // Withdrawals, erasures and the pages outlive a reload of the campaign: they have connections of their own.
  const lasting = await open();
  const { consents, audit } = lasting;
  const records = openRecords(out, { vault });
  const writer = startWriter({
    out,
    consents: consents?.path ?? null,
    databaseKey: vault?.databaseKey ?? null,
  });
  const { trustedProxies = [], hostNames = [], version = "0.0.0" } = options;
  const app = await createHttp({ version, trustedProxies, log });
  const nameOf = createNames(keys.secret, campaign.name);
  let holder: DeskHolder | null = null;
  let isDraining = false;
  // Each erasure rewrites files of the runs: one would find them locked by another.
  const inTurn = createTurns();
  const metrics = createMetrics({
    pending: () => holder?.desk().pending ?? 0,
    decisions: () => holder?.desk().index.size ?? 0,
  });
  const sessions = createSessions(keys, now);
  const access = addAccess(app, {
    keys,
    needsKeys,
    hosts: hostNames,
    sessionOf: (request) => sessions.keyOf(request),
    now,
  });
  const context: ApiContext = {
    access,
    metrics,
    desk() {
      if (holder === null) throw loading("Expected a loaded campaign but it is still loading");
      return holder.desk();
    },
    writer,
    consents,
    audit,
    vault,
    out,
    erase: (customerId) =>
      inTurn(async () => {
        if (consents === null || audit === null) throw noRegistry();
        const { outs } = findKnownRuns(audit, [out]);
        const { known = false, removed } = await eraseCustomer(customerId, { consents, audit, outs, vault });
        const { consents: dropped, decisions, creatives, exports, records: rows } = removed;
        return { known, removed: { consents: dropped, decisions, creatives, exports, records: rows } };
      }),
    status() {
      const desk = holder?.desk();
      const loaded = desk === undefined ? ("loading" as const) : ("ready" as const);
      return {
        status: isDraining ? "draining" : loaded,
        campaign: desk?.index.campaign ?? null,
        version: desk?.version ?? null,
        decisions: desk?.index.size ?? 0,
        pending: desk?.pending ?? 0,
        stale: holder?.stale ?? null,
      };
    },
    mayShowFile: (file) => holder?.desk().mayShowFile(file) ?? false,
    onceKey: (caller, route, key) =>
      createHmac("sha256", keys.secret)
        .update(JSON.stringify(["once", caller, route, key]))
        .digest("base64url"),
    now,
  };
  await addApi(app, context, { shedding: options.shedding });
  const review = openReviewState({
    campaign,
    out,
    gallery: await lasting.gallery(),
    engine: lasting.engine,
    records,
    audit,
    vault,
    template: options.template,
    now,
  });
  addReview(app, { access, sessions, state: review, now });
  const onError = (error: unknown) =>
    app.log.error({ error: String(error) }, "work in the background failed");
  const release = async () => {
    await review.close();
    await lasting.close();
    await writer.close();
    metrics.close();
    records.close();
    keys.close();
  };
  await app.listen({ host, port }).catch(async (cause) => {
    await app.close();
    await release();
    await opened.close();
    throw cannotListen(cause, `${host}:${port}`);
  });
  const ready = holdDesk({
    open,
    opened,
    template: options.template,
    out,
    nameOf,
    records,
    writer,
    now,
    onError,
    onReload(result, error) {
      metrics.reload(result);
      if (result === "failed") app.log.error({ error: String(error) }, "a change on disk was rejected");
      else app.log.info("a change on disk was loaded");
    },
  }).then((held) => {
    holder = held;
  });
  ready.catch(() => {});
  return {
    url: urlOf(app.server.address(), host),
    ready,
    idle: async () => holder?.desk().idle(),
    async close() {
      isDraining = true;
      // A connection that is kept alive after its last answer would hold the server for a minute.
      const timer = setInterval(() => app.server.closeIdleConnections(), IDLE_EVERY_MS);
      await app.close().finally(() => clearInterval(timer));
      await ready.catch(() => {});
      await holder?.close();
      await release();
    },
  };
}

const IDLE_EVERY_MS = 100;

function urlOf(address: AddressInfo | string | null, host: string): string {
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}

function noKeys(host: string): LookalikeError {
  return new LookalikeError(
    "ERR_OPTION_INVALID",
    `Expected at least one key to serve on ${host} but there is none`,
    {
      hint: "Create one first: lookalike token create --campaign campaign.yaml --scope decide",
    },
  );
}

function noRegistry(): LookalikeError {
  return new LookalikeError(
    "ERR_CONSENTS_REQUIRED",
    "Expected a campaign with a consent registry but it has none",
    {
      hint: "Add a privacy section to campaign.yaml, then restart the service.",
    },
  );
}
