import { findRoots, walkPhotos } from "./indexing/walk.ts";

/**
 * The photos that an index run over these folders and photos would read, each once, in its order.
 *
 * @throws ERR_PHOTO_NOT_FOUND
 */
export async function listPhotos(paths: readonly string[]): Promise<readonly string[]> {
  const { folders, photos } = await findRoots(paths);
  const found = new Set(photos);
  const listener = { onUnreadable: () => {}, onSkipped: () => {} };
  for (const folder of folders) for await (const path of walkPhotos(folder, listener)) found.add(path);
  // As the run's own table orders them: by bytes.
  return [...found].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
