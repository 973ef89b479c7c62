export * from "./errors.ts";
export * from "./ads/index.ts";
