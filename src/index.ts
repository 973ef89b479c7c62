export * from "./errors.ts";
export * from "./ads/index.ts";
export * from "./offers/index.ts";
