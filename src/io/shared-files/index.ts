export { openSharedFolder } from "./folder.ts";
export { openSharedFiles } from "./open.ts";
export type { Appender, SharedFiles } from "./types.ts";
