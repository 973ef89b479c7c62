import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

// `npm pack` bundles onnxruntime-node (docs/decisions/122). The package on the registry runs a script at install that
// fetches CUDA libraries from another host and aborts the install where that is out of reach. Nothing here uses them: the
// bundled copy goes without the script, and without what only the script needs.
const entry = createRequire(import.meta.url).resolve("onnxruntime-node");
const file = join(dirname(entry), "../package.json");
const { scripts: _, devDependencies: __, dependencies, ...manifest } = JSON.parse(readFileSync(file, "utf8"));
const common = dependencies["onnxruntime-common"];
const text = JSON.stringify({ ...manifest, dependencies: { "onnxruntime-common": common } }, null, 2);
// A new file, never a change in place: package managers share files between folders.
writeFileSync(`${file}.new`, `${text}\n`);
renameSync(`${file}.new`, file);
