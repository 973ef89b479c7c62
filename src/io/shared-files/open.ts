import { openSharedFolder } from "./folder.ts";
import { isS3Url, openS3 } from "./s3.ts";
import type { SharedFiles } from "./types.ts";

/**
 * The shared files of a root.
 *
 * @param root a folder, or `s3://bucket/prefix`
 * @throws ERR_OPTION_INVALID
 */
export function openSharedFiles(root: string): SharedFiles {
  return isS3Url(root) ? openS3(root) : openSharedFolder(root);
}
