import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * Starts a module of this package as a worker thread.
 *
 * @param base the caller's `import.meta.url`
 * @param name the module, relative to the caller and without extension: `./worker`
 */
export function startWorker(base: string, name: string, options: WorkerOptions): Worker {
  // The caller's own flags (such as `--input-type`) must not apply to the thread.
  const isolated = { execArgv: [], ...options };
  if (!base.endsWith(".ts")) return new Worker(new URL(`${name}.js`, base), isolated);
  // Run from source (tests): the TypeScript loader must be registered in the thread as well.
  const loader = pathToFileURL(
    createRequire(base)
      .resolve("tsx/esm/api")
      .replace(/\.cjs$/, ".mjs"),
  ).href;
  const file = new URL(`${name}.ts`, base).href;
  const boot = `import { register } from ${JSON.stringify(loader)}; register(); await import(${JSON.stringify(file)});`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(boot)}`), isolated);
}
