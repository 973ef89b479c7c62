import { openSharedFolder, type SharedFiles } from "../io/shared-files/index.ts";

/** The shared files of a root. */
export function openSharedFiles(root: string): SharedFiles {
  return openSharedFolder(root);
}
