/**
 * ONNX Runtime, from 1.29 on, reports to its makers over the network that and how it is used, and keeps an identifier
 * of the machine on disk, unless the environment forbids it before the library is loaded. Faces are computed here: it
 * is forbidden. To be imported in front of `onnxruntime-node`, and in the main thread before any other loads it: the
 * environment of the main thread is the process's own.
 */
process.env.ORT_DISABLE_TELEMETRY = "1";
