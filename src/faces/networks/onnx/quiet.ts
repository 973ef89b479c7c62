/**
 * ONNX Runtime, from 1.29 on, sends usage data to its makers over the network and keeps an identifier of the
 * machine on disk, unless the environment disables it before the library is loaded. It is disabled here
 * because faces are computed in this process. Import this file before `onnxruntime-node`, and in the main
 * thread before any other thread loads it: the environment of the main thread is the process's own.
 */
process.env.ORT_DISABLE_TELEMETRY = "1";
