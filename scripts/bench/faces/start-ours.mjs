import { createFaceEngine } from "lookalike-ads/faces";

/** The shortest way from nothing to the faces of one photo; plain JavaScript, so that no loader adds to the time. */
const engine = await createFaceEngine({ jobs: 1 });
const { faces } = await engine.describe(process.argv[2]);
console.log(faces.length);
await engine.close();
