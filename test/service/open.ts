import { onTestFinished } from "vitest";
import { type Service, type ServiceOptions, startService } from "../../src/service/index.ts";
import { openAccessKeys, privacyFiles, type Scope, type Vault } from "../../src/trust/index.ts";
import type { Stage, World } from "../campaign/world.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";

export interface Api {
  readonly service: Service;
  readonly url: string;
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>;
  send(method: string, path: string, headers?: Record<string, string>): Promise<Reply>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are checked against the schemas where it matters
  readonly body: any;
}

export type WorldOptions = Partial<ServiceOptions> & {
  readonly vault?: Vault | null;
  readonly isAwaited?: boolean;
  readonly onDecode?: (photo: string) => void | Promise<void>;
};

/** A service of a world's run, with an engine without networks, on a free port; it ends with the test. */
export async function serveWorld(stage: Stage, world: World, options: WorldOptions = {}): Promise<Api> {
  const service = await startWorld(stage, world, options);
  onTestFinished(() => service.close());
  if (options.isAwaited !== false) await service.ready;
  return apiOf(service);
}

/** The same for a whole file: the caller closes it. */
export function startWorld(stage: Stage, world: World, options: WorldOptions = {}): Promise<Service> {
  const { vault = null, onDecode, isAwaited: _, ...rest } = options;
  const { campaign, consents, audit, out } = world;
  return startService({
    open: async () => ({
      campaign,
      gallery: async () => stage.gallery,
      engine: async () => createFakeEngine(onDecode === undefined ? {} : { onDecode }),
      model: async () => stage.model,
      consents,
      audit,
      vault,
      async close() {},
    }),
    out,
    port: 0,
    // A busy machine must not turn requests of a test away; the test of shedding sets its own limits.
    shedding: { requests: Number.POSITIVE_INFINITY, lagMs: Number.POSITIVE_INFINITY },
    ...rest,
  });
}

export function apiOf(service: Service): Api {
  const { url } = service;
  const ask = async (path: string, init: RequestInit): Promise<Reply> => {
    const response = await fetch(url + path, init);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
  return {
    service,
    url,
    get: (path, headers = {}) => ask(path, { headers }),
    post: (path, body, headers = {}) =>
      ask(path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
    send: (method, path, headers = {}) => ask(path, { method, headers }),
  };
}

export function createKey(world: World, scopes: readonly Scope[], perMinute?: number): string {
  const keys = openAccessKeys(privacyFiles(world.campaign.privacy.folder).access);
  const { key } = keys.create({ name: scopes.join(" "), scopes, perMinute, at: new Date() });
  keys.close();
  return key;
}
