import { runFiles } from "../../handover/index.ts";
import { loading } from "../api/errors.ts";
import type { Responder } from "../decide/responder.ts";
import { type Current, openCurrent } from "./current.ts";
import { filesOf } from "./files.ts";
import type { ReloadingOptions } from "./options.ts";
import { type Watch, watchFiles } from "./watch.ts";

/** Keeps the current responder, and replaces it as a whole when its files change. */
export interface ReloadingResponder {
  responder(): Responder;
  /** Why the last change on disk was rejected; null: it was loaded. */
  readonly stale: string | null;
  close(): Promise<void>;
}

/** Requests time out after 15 s, so no request uses the former responder by then. */
const GRACE_MS = 20_000;

/** Resolves when the first responder is loaded. @throws what loading a run throws */
export async function openReloading(options: ReloadingOptions): Promise<ReloadingResponder> {
  const { open, out, onReload } = options;
  let current: Current | null = null;
  let stale: string | null = null;
  const retiring = new Set<Promise<void>>();
  const closing = new AbortController();

  const replace = (next: Current) => {
    const former = current;
    current = next;
    if (former === null) return;
    const closed = waitOr(GRACE_MS, closing.signal).then(() => former.close());
    retiring.add(closed);
    void closed.catch(options.onError).finally(() => retiring.delete(closed));
  };

  const reload = async (changed: ReadonlySet<"run" | "campaign">) => {
    try {
      const keep = changed.has("run") ? undefined : current?.responder.index;
      replace(await openCurrent(options, await open(), keep));
      stale = null;
      onReload("done", null);
    } catch (error) {
      stale = error instanceof Error ? error.message : String(error);
      onReload("failed", error);
    }
  };

  const filesNow = () => ({
    run: [runFiles(out).decisions, runFiles(out).manifest],
    campaign: filesOf((current ?? options.opened).campaign),
  });
  const watch: Watch = await watchFiles({ files: filesNow, onChange: reload });
  current = await openCurrent(options, options.opened, undefined).catch((error) => {
    watch.close();
    throw error;
  });
  return {
    responder: () => {
      if (current === null) throw loading("Expected a loaded campaign but it is still loading");
      return current.responder;
    },
    get stale() {
      return stale;
    },
    async close() {
      watch.close();
      closing.abort();
      await Promise.all(retiring);
      await current?.close();
    },
  };
}

function waitOr(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    timer.unref();
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
