import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { WEIGHTS } from "../src/campaign/doctor/weights.ts";

/**
 * Prints a bill of materials (CycloneDX 1.5, JSON) of everything that runs: the packages as npm knows them, and the
 * networks that one of them brings, which are no packages of their own.
 *
 *     npm run --silent sbom > sbom.json
 */
interface Bom {
  readonly metadata: { readonly component: Record<string, unknown> };
  readonly components: Record<string, unknown>[];
  readonly dependencies: { readonly ref: string; dependsOn: string[] }[];
}

const ROOT = resolve(import.meta.dirname, "..");
const { name, description } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Record<
  string,
  string
>;
const printed = execFileSync("npm", ["sbom", "--sbom-format", "cyclonedx", "--omit", "dev"], {
  cwd: ROOT,
  encoding: "utf8",
  stdio: ["ignore", "pipe", "ignore"],
  maxBuffer: 64 << 20,
});
const bom = JSON.parse(printed) as Bom;
// npm names the root after its folder.
Object.assign(bom.metadata.component, { name, description });
const carrier = bom.dependencies.find(({ ref }) => ref.startsWith("@vladmandic/face-api@"));
for (const [network, hash] of Object.entries(WEIGHTS)) {
  const ref = `weights/${network}`;
  bom.components.push({
    "bom-ref": ref,
    type: "machine-learning-model",
    name: network,
    description: `Weights in ${carrier?.ref}, model/${network}_model.bin`,
    hashes: [{ alg: "SHA-256", content: hash }],
    licenses: [{ license: { id: "MIT" } }],
  });
  bom.dependencies.push({ ref, dependsOn: [] });
  carrier?.dependsOn.push(ref);
}
console.log(JSON.stringify(bom, null, 2));
