import { createReadStream, createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { S3Client } from "@aws-sdk/client-s3";
import { invalidOption, LookalikeError, once } from "../../core/index.ts";
import { placeFile, reason } from "../files.ts";
import type { SharedFiles } from "./types.ts";

/** Objects removed at once. */
const REMOVED_AT_ONCE = 16;
/** Attempts of the client at a request that failed on the way. */
const ATTEMPTS = 5;

export function isS3Url(root: string): boolean {
  return /^s3:\/\//i.test(root);
}

export interface S3Options {
  /** Objects listed per request; default 1000, the most. */
  readonly pageSize?: number | undefined;
}

/**
 * A bucket of S3, or of a store with the same interface. Region, endpoint and credentials come from the client's usual
 * environment variables and files (`AWS_REGION`, `AWS_ENDPOINT_URL_S3`, `AWS_ACCESS_KEY_ID`, ...). Buckets are addressed by path. The
 * client is loaded with the first request.
 *
 * @param root `s3://bucket/prefix`
 * @throws ERR_OPTION_INVALID; from each method ERR_DEPENDENCY_MISSING
 */
export function openS3(root: string, { pageSize = 1000 }: S3Options = {}): SharedFiles {
  const { bucket, prefix, shown } = parseRoot(root);
  const keyOf = (name: string) => {
    if (name.split("/").includes("..")) throw new RangeError(`${name} is outside of ${shown}`);
    return `${prefix}${name}`;
  };
  const client = once(load);
  const found = async <T>(name: string, work: (loaded: Loaded, key: string) => Promise<T>): Promise<T> => {
    const key = keyOf(name);
    const loaded = await client();
    return work(loaded, key).catch((cause) => {
      if (isOfDisk(cause)) throw unwritable(cause.path ?? "a file", cause);
      throw new LookalikeError("ERR_SOURCE_NOT_FOUND", `Could not read ${shown}/${name}: ${reason(cause)}`, {
        hint: "Check the endpoint, the credentials and that the object exists.",
        cause,
      });
    });
  };
  const written = async (
    name: string,
    work: (loaded: Loaded, key: string) => Promise<unknown>,
  ): Promise<void> => {
    const key = keyOf(name);
    const loaded = await client();
    await work(loaded, key).catch((cause) => {
      throw unwritable(`${shown}/${name}`, cause);
    });
  };
  /** Keys of the objects below a name. */
  const keysBelow = async ({ s3, library }: Loaded, name: string): Promise<string[]> => {
    const keys: string[] = [];
    const pages = library.paginateListObjectsV2(
      { client: s3, pageSize },
      { Bucket: bucket, Prefix: name === "" ? prefix : `${keyOf(name)}/` },
    );
    for await (const { Contents = [] } of pages) keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
    return keys;
  };
  return {
    shown,
    write: (name, data) =>
      written(name, ({ s3, library }, Key) => {
        const Body = Buffer.from(data);
        return s3.send(
          new library.PutObjectCommand({ Bucket: bucket, Key, Body, ContentLength: Body.length }),
        );
      }),
    read: (name) =>
      found(name, async ({ s3, library }, Key) => {
        const { Body } = await s3.send(new library.GetObjectCommand({ Bucket: bucket, Key }));
        return Buffer.from((await Body?.transformToByteArray()) ?? []);
      }),
    upload: (name, path) =>
      written(name, ({ s3, storage }, Key) =>
        new storage.Upload({
          client: s3,
          params: { Bucket: bucket, Key, Body: createReadStream(path) },
        }).done(),
      ),
    download: (name, path) =>
      found(name, async ({ s3, library }, Key) => {
        await mkdir(dirname(path), { recursive: true });
        await placeFile(path, async (temporary) => {
          const { Body } = await s3.send(new library.GetObjectCommand({ Bucket: bucket, Key }));
          await pipeline(Body as Readable, createWriteStream(temporary, { flags: "wx" }));
        });
      }),
    appendTo: null,
    remove: (name) =>
      written(name, async (loaded, key) => {
        const { s3, library } = loaded;
        const keys = [...(await keysBelow(loaded, name)), key];
        for (let start = 0; start < keys.length; start += REMOVED_AT_ONCE) {
          await Promise.all(
            keys
              .slice(start, start + REMOVED_AT_ONCE)
              .map((Key) => s3.send(new library.DeleteObjectCommand({ Bucket: bucket, Key }))),
          );
        }
        await abortUploads(loaded, { bucket, prefix: key });
      }),
    list: (name) =>
      found(name, async (loaded) =>
        (await keysBelow(loaded, name)).map((key) => key.slice(prefix.length)).sort(),
      ),
    folder: () => null,
  };
}

/** Whether a local file is the cause, not the store. */
function isOfDisk(cause: unknown): cause is NodeJS.ErrnoException {
  const { path, code = "" } = cause as NodeJS.ErrnoException;
  return path !== undefined || /^(ENOSPC|EDQUOT|EIO)$/.test(code);
}

function unwritable(place: string, cause: unknown): LookalikeError {
  return new LookalikeError("ERR_OUTPUT_UNWRITABLE", `Could not write ${place}: ${reason(cause)}`, {
    hint: "Check free space, the endpoint, and the credentials with their rights: to read, write, list and delete objects.",
    cause,
  });
}

/** Parts that a killed process has uploaded of a large file are no object, and are kept until they are removed. */
async function abortUploads(
  { s3, library }: Loaded,
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
): Promise<void> {
  const found = await s3
    .send(new library.ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix }))
    .catch((error: unknown) => {
      // Some stores lack the request.
      if (error instanceof library.S3ServiceException && error.name === "NotImplemented") return null;
      throw error;
    });
  for (const { Key, UploadId } of found?.Uploads ?? []) {
    if (Key !== prefix && Key?.startsWith(`${prefix}/`) !== true) continue;
    await s3.send(new library.AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
  }
}

interface Loaded {
  readonly s3: S3Client;
  readonly library: typeof import("@aws-sdk/client-s3");
  readonly storage: typeof import("@aws-sdk/lib-storage");
}

/** @throws ERR_DEPENDENCY_MISSING */
async function load(): Promise<Loaded> {
  try {
    const library = await import("@aws-sdk/client-s3");
    const storage = await import("@aws-sdk/lib-storage");
    const s3 = new library.S3Client({
      maxAttempts: ATTEMPTS,
      forcePathStyle: true,
      // Other stores than Amazon's do not know the checksums that the client sends by default; ours are compared at each read.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
    });
    return { s3, library, storage };
  } catch (cause) {
    throw new LookalikeError("ERR_DEPENDENCY_MISSING", "Expected the packages for shared files in S3", {
      hint: "Install them: npm install @aws-sdk/client-s3@3 @aws-sdk/lib-storage@3",
      cause,
    });
  }
}

function parseRoot(root: string): {
  readonly bucket: string;
  readonly prefix: string;
  readonly shown: string;
} {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*?))?\/*$/.exec(root);
  const [, bucket, path = ""] = match ?? [];
  if (bucket === undefined || path.split("/").includes("..")) {
    throw invalidOption("an address such as s3://bucket/folder", "the shared files", root, "Pass --data.");
  }
  return {
    bucket,
    prefix: path === "" ? "" : `${path}/`,
    shown: path === "" ? `s3://${bucket}` : `s3://${bucket}/${path}`,
  };
}
