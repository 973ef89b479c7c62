import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openSharedFiles, type SharedFiles } from "../../src/io/shared-files/index.ts";
import { openS3 } from "../../src/io/shared-files/s3.ts";
import { type S3Server, startS3 } from "../cluster/s3-server.ts";

/** One contract for every place of shared files. */

let local: string;
let server: S3Server;

beforeAll(async () => {
  local = mkdtempSync(join(tmpdir(), "lookalike-shared-files-"));
  server = await startS3();
  for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await server.stop();
  rmSync(local, { recursive: true, force: true });
});

const rootOf = { "a folder": () => join(local, "root"), S3: () => server.root };

describe.each(["a folder", "S3"] as const)("shared files in %s", (place) => {
  const open = (): SharedFiles => openSharedFiles(rootOf[place]());

  it("are read as they were written, text, bytes and none, and replaced as a whole", async () => {
    const files = open();
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256);
    await files.write("run-1/a b/ü.jsonl", "first\n");
    await files.write("run-1/bytes", bytes);
    await files.write("run-1/empty", "");
    expect((await files.read("run-1/a b/ü.jsonl")).toString()).toBe("first\n");
    expect(Buffer.from(bytes).equals(await files.read("run-1/bytes"))).toBe(true);
    expect(await files.read("run-1/empty")).toHaveLength(0);
    await files.write("run-1/bytes", "short");
    expect((await open().read("run-1/bytes")).toString()).toBe("short");
  });

  it("are uploaded and downloaded, small and in several parts", async () => {
    const files = open();
    for (const size of [3, 6_000_000]) {
      const [from, to] = [join(local, `from-${size}`), join(local, `${place}-${size}`, "deep", "to")];
      const bytes = Buffer.alloc(size, "abc");
      writeFileSync(from, bytes);
      await files.upload(`run-2/${size}`, from);
      await files.download(`run-2/${size}`, to);
      expect(readFileSync(to).equals(bytes)).toBe(true);
      expect(readdirSync(join(local, `${place}-${size}`, "deep"))).toEqual(["to"]);
    }
  });

  it("are listed below a name, sorted, and not those whose names only begin alike", async () => {
    const files = open();
    for (const name of ["run-3/b/2", "run-3/a", "run-3/b/1", "run-33/a"]) await files.write(name, name);
    expect(await files.list("run-3")).toEqual(["run-3/a", "run-3/b/1", "run-3/b/2"]);
    expect(await files.list("run-3/b")).toEqual(["run-3/b/1", "run-3/b/2"]);
    expect(await files.list("run-4")).toEqual([]);
  });

  it("are removed alone or with everything below, and nothing else", async () => {
    const files = open();
    for (const name of ["run-5/a", "run-5/b/c", "run-55/a"]) await files.write(name, name);
    await files.remove("run-5/a");
    expect(await files.list("run-5")).toEqual(["run-5/b/c"]);
    await files.remove("run-5");
    await files.remove("run-5");
    expect([await files.list("run-5"), await files.list("run-55")]).toEqual([[], ["run-55/a"]]);
  });

  it("that do not exist, and names outside of the root, are errors", async () => {
    const files = open();
    const absent = expect.objectContaining({ code: "ERR_SOURCE_NOT_FOUND" });
    await expect(files.read("none")).rejects.toEqual(absent);
    await expect(files.download("none", join(local, "none"))).rejects.toEqual(absent);
    await expect((async () => files.read("../outside"))()).rejects.toThrow(RangeError);
  });

  it("that cannot be written have a code", async () => {
    const unwritable = expect.objectContaining({ code: "ERR_OUTPUT_UNWRITABLE" });
    writeFileSync(join(local, "file"), "");
    const other = place === "S3" ? "s3://no-such-bucket/x" : join(local, "file");
    await expect(openSharedFiles(other).write("a/b", "x")).rejects.toEqual(unwritable);
    await open().write("run-6/a", "x");
    await expect(open().download("run-6/a", join(local, "file", "below"))).rejects.toEqual(unwritable);
  });
});

it("objects of many pages are listed and removed", async () => {
  const files = openS3(server.root, { pageSize: 3 });
  const names = Array.from({ length: 20 }, (_, i) => `many/${String(i).padStart(2, "0")}`);
  await Promise.all(names.map((name) => files.write(name, "x")));
  expect(await files.list("many")).toEqual(names);
  await files.remove("many");
  expect(await files.list("many")).toEqual([]);
});

it("roots that are no bucket are rejected", () => {
  for (const root of ["s3://", "s3://UPPER_case/x", "s3://bucket/../x", "s3:///x"]) {
    expect(() => openSharedFiles(root)).toThrow(expect.objectContaining({ code: "ERR_OPTION_INVALID" }));
  }
  expect(openSharedFiles("s3://bucket.with.dots/a/b/").shown).toBe("s3://bucket.with.dots/a/b");
});
