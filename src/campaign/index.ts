export { type AdRun, type GenerateOptions, generateAds } from "./generate.ts";
export { loadCampaign, parseCampaign } from "./load.ts";
export { campaignSources } from "./sources.ts";
export type * from "./types.ts";
