/**
 * Subfolder of the finished creatives in an output folder. It is here so that listing a run's files needs no
 * renderer.
 */
export const CREATIVES_FOLDER = "creatives";
