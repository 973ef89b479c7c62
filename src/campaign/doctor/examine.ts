import type { FaceEngine } from "../../faces/index.ts";
import {
  checkDecoder,
  checkDisk,
  checkEngine,
  checkFonts,
  checkNode,
  checkSearch,
  checkStores,
  checkTables,
} from "./install.ts";
import type { Finding } from "./types.ts";
import { checkWeights } from "./weights.ts";

export interface ExamineOptions {
  /** Check the files of this campaign too. */
  readonly campaign?: string | undefined;
  /** Check this gallery; default: the campaign's. */
  readonly gallery?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Environment variables with the names of key files; default: none. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** How to open the face engine that is checked and closed; default: with the defaults of `createFaceEngine`. */
  readonly engine?: (() => Promise<FaceEngine>) | undefined;
}

/**
 * Checks what the tool needs: Node, decoders, fonts, databases, search, weights, engine, disk, and the given
 * files. A missing part is a finding, not an error.
 *
 * @example
 * for await (const { name, status, hint } of examine({ campaign: "campaign.yaml" })) console.log(name, status, hint);
 */
export async function* examine(options: ExamineOptions = {}): AsyncGenerator<Finding> {
  yield checkNode(process.versions.node);
  yield await checkDecoder();
  yield await checkFonts();
  yield await checkTables();
  yield await checkStores();
  yield await checkSearch();
  yield await checkWeights();
  yield await checkEngine(options.engine);
  yield await checkDisk(process.cwd());
  // A missing part of the install was reported before.
  const files = await import("./files.ts").catch(() => null);
  const { campaign, gallery, keyFile, env = {} } = options;
  if (files !== null) yield* await files.examineFiles({ campaign, gallery, keyFile, env });
}
