import preact from "@preact/preset-vite";
import { defineConfig } from "vite";

/** The review pages' client, built beside the server that serves it. */
export default defineConfig({
  root: "src/service/web",
  base: "/review/",
  plugins: [preact({ devToolsEnabled: false, reactAliasesEnabled: false })],
  build: {
    outDir: "../../../dist/service/web",
    emptyOutDir: true,
    modulePreload: false,
    sourcemap: false,
    assetsInlineLimit: 0,
  },
});
