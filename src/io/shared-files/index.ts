export { openSharedFolder } from "./folder.ts";
export type { Appender, SharedFiles } from "./types.ts";
