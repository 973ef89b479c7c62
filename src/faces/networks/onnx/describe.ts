import { integerOf, messagesOf } from "./protobuf-reader.ts";

/** An input or output as the model declares it. */
export interface TensorInfo {
  readonly name: string;
  /** `float32`, `uint8`, ... */
  readonly type: string;
  /** Null: any size. */
  readonly shape: readonly (number | null)[];
}

export interface ModelInfo {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}

/** `TensorProto.DataType` of onnx.proto3, by number. */
const TYPES: readonly string[] = [
  "undefined",
  "float32",
  "uint8",
  "int8",
  "uint16",
  "int16",
  "int32",
  "int64",
  "string",
  "bool",
  "float16",
  "float64",
  "uint32",
  "uint64",
];

/**
 * Reads what an ONNX file declares as its inputs and outputs. ONNX Runtime before 1.21 gives only their names.
 * Field numbers are those of onnx.proto3.
 *
 * @param model the file's bytes
 * @throws RangeError the bytes are no ONNX file
 */
export function describeModel(model: Uint8Array): ModelInfo {
  const [graph = new Uint8Array()] = messagesOf(model, 7);
  // Files of old versions list their weights as inputs too.
  const weights = new Set(messagesOf(graph, 5).map((tensor) => textOf(tensor, 8)));
  return {
    inputs: messagesOf(graph, 11)
      .map(toInfo)
      .filter(({ name }) => !weights.has(name)),
    outputs: messagesOf(graph, 12).map(toInfo),
  };
}

function toInfo(valueInfo: Uint8Array): TensorInfo {
  const name = textOf(valueInfo, 1);
  const [type = new Uint8Array()] = messagesOf(valueInfo, 2);
  const [tensor] = messagesOf(type, 1);
  if (tensor === undefined) return { name, type: "no tensor", shape: [] };
  const number = integerOf(tensor, 1) ?? 0;
  const [shape = new Uint8Array()] = messagesOf(tensor, 2);
  return {
    name,
    type: TYPES[number] ?? `type ${number}`,
    shape: messagesOf(shape, 1).map((dimension) => {
      const size = integerOf(dimension, 1) ?? 0;
      return size > 0 ? size : null;
    }),
  };
}

function textOf(message: Uint8Array, field: number): string {
  const [bytes = new Uint8Array()] = messagesOf(message, field);
  return new TextDecoder().decode(bytes);
}
