import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import sharp from "sharp";

/** The same for face-api on TensorFlow.js WASM. */
const require = createRequire(import.meta.url);
const wasm = require("@tensorflow/tfjs-backend-wasm");
const api = require("@vladmandic/face-api/dist/face-api.node-wasm.js");
wasm.setWasmPaths(join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "dist", "/"));
await api.tf.setBackend("wasm");
await api.tf.ready();
const models = join(dirname(require.resolve("@vladmandic/face-api/package.json")), "model");
for (const net of ["ssdMobilenetv1", "faceLandmark68Net", "faceRecognitionNet"]) {
  await api.nets[net].loadFromDisk(models);
}
const { data, info } = await sharp(process.argv[2]).raw().toBuffer({ resolveWithObject: true });
const tensor = api.tf.tensor3d(Int32Array.from(data), [info.height, info.width, 3], "int32");
const faces = await api.detectAllFaces(tensor).withFaceLandmarks().withFaceDescriptors();
console.log(faces.length);
