import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { expected, LookalikeError } from "../../core/index.ts";
import { type FaceEngine, openEngineSource } from "../../faces/index.ts";
import {
  type Gallery,
  type IndexOptions,
  type IndexReport,
  listPhotos,
  openGallery,
} from "../../gallery/index.ts";
import { hashBytes } from "../../io/files.ts";
import { findVault, type Vault } from "../../trust/index.ts";
import { fetchGallery } from "../customers/gallery.ts";
import { openSharedFiles, outputFile, uploadFile } from "../files.ts";
import { requireKey } from "../key.ts";
import { readChecked, readLines, writeBytes, writeLines } from "../lines.ts";
import type { Cluster } from "../open.ts";
import { type PlannedRun, planRun } from "../planned.ts";
import type { Attempt, ClusterRun, OutputFile } from "../types.ts";
import type { RunWork, WorkOptions } from "../work.ts";

/** Indexes an inventory's photos in shards: each shard becomes a gallery, and all are merged at the end. */

const settings = z.object({
  /** Folders and photos, absolute. */
  inventory: z.array(z.string()),
  /** The list of the shards' files, each with one path per line. */
  inputs: outputFile,
  engine: z.string(),
  keyId: z.string().nullable(),
});

export interface PlanPhotosOptions {
  readonly inventory: readonly string[];
  readonly data: string;
  readonly engine: FaceEngine;
  readonly vault: Vault | null;
  /** Photos per shard; default 1,000. */
  readonly shardSize?: number | undefined;
  readonly leaseSeconds?: number | undefined;
}

/**
 * Lists an inventory's photos and writes them in shards for workers to index.
 *
 * @throws ERR_PHOTO_NOT_FOUND, ERR_FOLDER_EMPTY, ERR_OUTPUT_UNWRITABLE, ERR_POSTGRES_UNREACHABLE, ERR_POSTGRES_FAILED
 */
export async function planPhotos(
  cluster: Pick<Cluster, "runs" | "shards">,
  options: PlanPhotosOptions,
): Promise<PlannedRun> {
  const { inventory, engine, vault, shardSize = 1000, leaseSeconds } = options;
  const files = openSharedFiles(options.data);
  const photos = await listPhotos(inventory);
  if (photos.length === 0) {
    throw new LookalikeError("ERR_FOLDER_EMPTY", expected("photos", "the inventory", inventory), {
      hint: "Check the paths, or that the drive is mounted.",
    });
  }
  const fingerprint = hashBytes(JSON.stringify([engineId(engine), photos, vault?.keyId ?? null]));
  return planRun(cluster, {
    files,
    kind: "photos",
    fingerprint,
    leaseSeconds,
    async write({ id }) {
      const inputs: OutputFile[] = [];
      for (let start = 0; start < photos.length; start += shardSize) {
        const name = `${id}/input/${inputs.length}.jsonl`;
        inputs.push(await writeLines(files, name, photos.slice(start, start + shardSize), vault));
      }
      const list = await writeBytes(files, `${id}/inputs.json`, Buffer.from(JSON.stringify(inputs)));
      return {
        settings: {
          inventory: [...inventory],
          inputs: list,
          engine: engineId(engine),
          keyId: vault?.keyId ?? null,
        },
        phases: [{ name: "index", shards: inputs.length }],
      };
    },
  });
}

/** Opens what indexing a run's photos needs. */
export async function openPhotosWork(run: ClusterRun, options: WorkOptions): Promise<RunWork> {
  const { inputs: list, engine: planned, keyId } = settings.parse(run.settings);
  const files = openSharedFiles(options.data ?? run.data);
  const vault = await findVault({ keyFile: options.keyFile, env: options.env });
  requireKey(keyId, vault);
  const { engine, close } = await openEngineSource(options.engine);
  if (engineId(engine) !== planned) {
    await close();
    throw differs(planned, engineId(engine));
  }
  const inputs = z.array(outputFile).parse(JSON.parse((await readChecked(files, list)).toString("utf8")));
  return {
    async perform({ number, id }: Attempt, onProgress) {
      const input = inputs[number];
      if (input === undefined) throw new RangeError(`no shard ${number} in ${run.id}`);
      const photos = (await readLines(files, input, vault)) as string[];
      const folder = await mkdtemp(join(options.workFolder ?? tmpdir(), "lookalike-shard-"));
      try {
        const gallery = await openGallery(join(folder, "own"), { vault });
        try {
          await gallery.index(photos, engine, { labels: null, signal: options.signal, onProgress });
          await gallery.copyTo(join(folder, "copy"));
        } finally {
          await gallery.close();
        }
        const name = `${run.id}/index/${number}/${id}/gallery.db`;
        const path = join(folder, "copy", "gallery.db");
        return {
          output: { files: [await uploadFile(files, name, path)], rows: photos.length, consents: null },
          revise: async () => null,
        };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    discard: async ({ files: written }) => {
      for (const { name } of written) await files.remove(name);
    },
    registry: null,
    close,
  };
}

export interface MergePhotosOptions extends IndexOptions {
  readonly gallery: Gallery;
  /** The gallery's own folders and photos, absolute: the run must be of them. */
  readonly inventory: readonly string[];
  readonly engine: FaceEngine;
  readonly data?: string | undefined;
}

/**
 * Merges the shards' galleries, in the order of their photos, and then indexes the inventory as on one
 * machine. This finds every photo already indexed, and sets labels, releases and copies.
 *
 * @throws ERR_SHARD_DAMAGED, ERR_GALLERY_EMBEDDER, and as `Gallery.index`
 */
export async function mergePhotos(
  { shards }: Pick<Cluster, "shards">,
  run: ClusterRun,
  { gallery, inventory, engine, data, ...options }: MergePhotosOptions,
): Promise<IndexReport> {
  const { inventory: indexed, engine: planned } = settings.parse(run.settings);
  if (!isDeepStrictEqual(indexed, [...inventory])) throw otherInventory(run, inventory);
  if (engineId(engine) !== planned) throw differs(planned, engineId(engine));
  const files = openSharedFiles(data ?? run.data);
  for (const output of await shards.outputs(run.id, 0)) {
    const copy = await fetchGallery(files, output.files, tmpdir());
    try {
      await gallery.absorb(copy.folder);
    } finally {
      await copy.remove();
    }
  }
  return gallery.index(inventory, engine, options);
}

function engineId({ name, embedder, attributesId, featuresId }: FaceEngine): string {
  return JSON.stringify([name, embedder.id, attributesId, featuresId ?? null]);
}

/** Photos of another campaign have other releases, and must not get into this gallery. */
function otherInventory({ id }: ClusterRun, inventory: readonly string[]): LookalikeError {
  return new LookalikeError(
    "ERR_CLUSTER_INPUTS_DIFFER",
    `Expected a run that indexed ${inventory.join(", ")} but ${id} indexed another inventory`,
    { hint: "Pass the campaign that the run was planned with, or the run of this campaign with --run." },
  );
}

function differs(planned: string, received: string): LookalikeError {
  return new LookalikeError(
    "ERR_CLUSTER_INPUTS_DIFFER",
    `Expected the face engine that the run was planned with, ${planned}, but received ${received}`,
    { hint: "Use the same version of the package and the same flags on every machine." },
  );
}
