import { type MessagePort, workerData } from "node:worker_threads";
import { isPassing } from "./errors.ts";
import { loadPg } from "./library.ts";
import type { SyncAnswer, SyncRequest } from "./sync.ts";

/** The worker of `openPostgresSync`: one connection whose owner waits for each answer. */

interface Data {
  readonly url: string;
  readonly port: MessagePort;
  readonly signal: Int32Array;
}

interface Connection {
  query(config: {
    readonly name: string;
    readonly text: string;
    readonly values: unknown[];
  }): Promise<Result>;
  query(text: string): Promise<Result>;
  end(): Promise<void>;
}

interface Result {
  readonly rows: Record<string, unknown>[];
  readonly rowCount: number | null;
}

const { url, port, signal } = workerData as Data;
/** Type OID of `bigint`. The driver would return it as text; times and counts fit a number. */
const BIGINT = 20;
/** Time within which a restarting server is available again. */
const PATIENCE_MS = 30_000;

let connection: Connection | null = null;
let isInTransaction = false;
/** A server that was never reached is a wrong address rather than a restart. */
let wasConnected = false;
const names = new Map<string, string>();

async function connect(): Promise<Connection> {
  const { Client } = await loadPg();
  const { types } = await import("pg").then((library) => library.default ?? library);
  const client = new Client({
    connectionString: url,
    application_name: "lookalike registry",
    types: {
      getTypeParser: (oid: number, format?: "text" | "binary") =>
        oid === BIGINT ? Number : types.getTypeParser(oid, format as "text"),
    } as typeof types,
  });
  client.on("error", () => {
    connection = null;
  });
  await client.connect();
  wasConnected = true;
  return client as unknown as Connection;
}

async function run({ text, values }: SyncRequest): Promise<Result> {
  connection ??= await connect();
  if (values === null) return connection.query(text);
  const name = names.get(text) ?? `s${names.size}`;
  names.set(text, name);
  return connection.query({ name, text, values: [...values] });
}

/** Outside a transaction a statement may be sent again over a new connection. */
async function persist(request: SyncRequest): Promise<Result> {
  const startedAt = performance.now();
  for (;;) {
    try {
      return await run(request);
    } catch (error) {
      if (!isPassing(error)) throw error;
      await connection?.end().catch(() => {});
      connection = null;
      if (!wasConnected || isInTransaction || performance.now() - startedAt > PATIENCE_MS) {
        isInTransaction = false;
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

async function answer(request: SyncRequest): Promise<SyncAnswer> {
  try {
    const { rows, rowCount } = await persist(request);
    if (request.text === "BEGIN") isInTransaction = true;
    if (request.text === "COMMIT" || request.text === "ROLLBACK") isInTransaction = false;
    return { rows: rows ?? [], changes: rowCount ?? 0 };
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return { error: { message: message || String(error), code: code ?? null } };
  }
}

port.on("message", async (request: SyncRequest | "close") => {
  if (request === "close") {
    await connection?.end().catch(() => {});
    port.close();
    return;
  }
  port.postMessage(await answer(request));
  Atomics.store(signal, 0, 1);
  Atomics.notify(signal, 0);
});
