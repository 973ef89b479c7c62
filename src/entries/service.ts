/** `lookalike-ads/service`: the HTTP service and the review pages. */
export { type Service, type ServiceCampaign, type ServiceOptions, startService } from "../service/index.ts";
