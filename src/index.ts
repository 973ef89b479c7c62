export * from "./ads/index.ts";
export * from "./audit.ts";
export * from "./campaign/index.ts";
export * from "./customers/index.ts";
export * from "./errors.ts";
export * from "./faces/index.ts";
export * from "./gallery/index.ts";
export * from "./offers/index.ts";
export { createVault, findVault, type KeySource, type Vault, writeKeyFile } from "./vault.ts";
