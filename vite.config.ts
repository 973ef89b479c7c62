import preact from "@preact/preset-vite";
import { defineConfig } from "vite";

/** The pages of `review` and `judge`, built beside the servers that serve them. */
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
    rolldownOptions: {
      input: ["src/service/web/index.html", "src/service/web/judge.html"],
    },
  },
});
