export { openSharedFolder } from "./folder.ts";
export type { SharedFiles } from "./types.ts";
