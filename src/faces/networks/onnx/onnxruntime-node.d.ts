/** ONNX Runtime 1.16 ships the types of its interface only in the package that it shares with the web. */
declare module "onnxruntime-node" {
  export * from "onnxruntime-common";
}
