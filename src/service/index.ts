export type { ServiceCampaign } from "./load/desk-holder.ts";
export { type Service, type ServiceOptions, startService } from "./serve.ts";
