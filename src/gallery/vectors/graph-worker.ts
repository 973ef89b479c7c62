import { workerData } from "node:worker_threads";
import type { GraphWork } from "./graphs.ts";
import { growGraph, loadHnswLibrary, writeGraph } from "./hnsw.ts";

/** Builds one graph and writes it to a file. */
const { rows, dimensions, vectors, path } = workerData as GraphWork;
const library = await loadHnswLibrary();
if (library === null) throw new Error("hnswlib-node is not installed");
const set = { dimensions, ids: new Uint32Array(rows), contents: new Uint32Array(rows), vectors };
await writeGraph(await growGraph(library, set, null), path);
