import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

/** A store with the interface of S3 (s3rver), in a process of its own, with one bucket. */
export interface S3Server {
  /** Root of shared files in its bucket. */
  readonly root: string;
  /** Folder of its objects. */
  readonly folder: string;
  /** Environment of the client. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const BUCKET = "lookalike-test";

export async function startS3(): Promise<S3Server> {
  const folder = mkdtempSync(join(tmpdir(), "lookalike-s3-"));
  const port = await freePort();
  const program = createRequire(import.meta.url).resolve("s3rver/bin/s3rver.js");
  const flags = ["-d", folder, "-a", "127.0.0.1", "-p", String(port), "--configure-bucket", BUCKET];
  // It encrypts the tokens of long lists with a cipher that OpenSSL 3 has only there.
  const child = spawn(process.execPath, ["--openssl-legacy-provider", program, ...flags], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    rmSync(folder, { recursive: true, force: true });
  };
  await listening(child).catch(async (error) => {
    await stop();
    throw error;
  });
  return {
    root: `s3://${BUCKET}/shared`,
    folder: join(folder, BUCKET),
    env: {
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "S3RVER",
      AWS_SECRET_ACCESS_KEY: "S3RVER",
    },
    stop,
  };
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const written: string[] = [];
    const note = (text: unknown) => {
      written.push(String(text));
      if (/listening/i.test(written.join(""))) resolve();
    };
    child.stdout?.on("data", note);
    child.stderr?.on("data", note);
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`s3rver ended:\n${written.join("")}`)));
  });
}
