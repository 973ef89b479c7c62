/** `lookalike-ads/ads`: layout, type and rendering of creatives, without a campaign around them. */
export * from "../ads/index.ts";
