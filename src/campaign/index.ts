export { loadCampaign, parseCampaign } from "./load.ts";
export type * from "./types.ts";
