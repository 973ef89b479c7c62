import { rmSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FaceEngine } from "../../faces/index.ts";
import { makeScratch } from "../../io/scratch.ts";
import { attempt, type Finding, note, ok } from "./types.ts";

/** Each check loads the part that it checks, so that a missing part does not stop the others. */

const REINSTALL = "Install the package again: npm ci.";

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return ok("node", version);
  return {
    name: "node",
    status: "wrong",
    detail: `${version} is too old`,
    hint: "Install Node 20.19 or later.",
  };
}

export function checkDecoder(): Promise<Finding> {
  return attempt("photos", REINSTALL, async () => {
    const { decoderVersion, encodeImage } = await import("../../io/image/index.ts");
    const picture = { width: 2, height: 2, data: new Uint8Array(12) };
    for (const format of ["jpeg", "png", "webp", "avif"] as const) await encodeImage(picture, { format });
    return ok("photos", await decoderVersion());
  });
}

export function checkStores(): Promise<Finding> {
  return attempt("databases", REINSTALL, async () => {
    const { openSqlite } = await import("../../io/sqlite/index.ts");
    const folder = makeScratch(tmpdir());
    const names = {
      what: "a database",
      corrupt: "ERR_STORE_CORRUPT",
      busy: "ERR_STORE_BUSY",
      corruptHint: "",
    } as const;
    try {
      const database = openSqlite(join(folder, "doctor.db"), { names });
      const version = database.prepare("SELECT sqlite_version() AS version").get()?.version;
      database.close();
      return ok("databases", `SQLite ${version}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

export function checkFonts(): Promise<Finding> {
  return attempt("fonts", REINSTALL, async () => {
    const { createTypesetter } = await import("../../ads/index.ts");
    await createTypesetter();
    return ok("fonts", "the bundled fonts load");
  });
}

export function checkTables(): Promise<Finding> {
  return attempt("tables", REINSTALL, async () => {
    const { openDatabase } = await import("../../io/duckdb/index.ts");
    const database = await openDatabase({ memoryMb: 64, threads: 1 });
    const [row] = await database.all("SELECT version() AS version");
    await database.close();
    return ok("tables", `DuckDB ${row?.version}`);
  });
}

export function checkSearch(): Promise<Finding> {
  return attempt("search index", REINSTALL, async () => {
    const { loadHnswLibrary } = await import("../../gallery/index.ts");
    if ((await loadHnswLibrary()) !== null) return ok("search index", "hnswlib-node is installed");
    return note(
      "search index",
      "hnswlib-node is not installed: search is exact",
      "For galleries of 50,000 faces or more, install it for faster search: npm i hnswlib-node",
    );
  });
}

/** Loads the networks and describes a picture. @param open default: with the defaults of `createFaceEngine` */
export function checkEngine(open: () => Promise<FaceEngine> = openDefault): Promise<Finding> {
  return attempt("face engine", REINSTALL, async () => {
    const { encodeImage } = await import("../../io/image/index.ts");
    const engine = await open();
    try {
      const side = 64;
      const grey = { width: side, height: side, data: new Uint8Array(side * side * 3).fill(128) };
      const { faces } = await engine.describe(await encodeImage(grey, { format: "png" }));
      const { partsOf } = await import("../../faces/index.ts");
      const look = partsOf(engine.featuresId ?? "").has("look")
        ? "with the second descriptor"
        : "without the second descriptor, which needs @vladmandic/human";
      return ok("face engine", `${engine.embedder.id}; ${look}; ${faces.length} faces on a grey square`);
    } finally {
      await engine.close();
    }
  });
}

async function openDefault(): Promise<FaceEngine> {
  const { createFaceEngine } = await import("../../faces/index.ts");
  return createFaceEngine({ jobs: 1 });
}

const LITTLE_BYTES = 1e9;

export function checkDisk(folder: string): Promise<Finding> {
  return attempt("disk", "Check that the folder exists.", async () => {
    const { bavail, bsize } = await statfs(folder);
    const free = `${((bavail * bsize) / 1e9).toFixed(1)} GB free at ${folder}`;
    if (bavail * bsize >= LITTLE_BYTES) return ok("disk", free);
    return note("disk", free, "A campaign of a million decisions takes about 1 GB with its creatives.");
  });
}
