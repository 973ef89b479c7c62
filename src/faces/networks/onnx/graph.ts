import { ProtobufWriter } from "./protobuf.ts";

/** The element types of ONNX tensors that we write (`TensorProto.DataType`). */
const DATA_TYPE = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7 } as const;
type DataType = keyof typeof DATA_TYPE;
type Elements = Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

/** A size, or the name of a size that is known only when the model runs. */
type Dimension = number | string;

/** A tensor inside the graph. `shape` is per image: the batch dimension in front of it is dynamic. */
export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
}

type Attribute = number | { readonly float: number } | string | readonly number[];
type Attributes = Readonly<Record<string, Attribute>>;

interface NodeParts {
  readonly operator: string;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly output: string;
}

/**
 * Builds an ONNX model in code: nodes are appended in order, weights become initialisers, `build()` gives the
 * file's bytes. Field numbers are those of onnx.proto3 (ONNX IR version 8, operator set 17).
 */
export class GraphBuilder {
  readonly #nodes: ProtobufWriter[] = [];
  readonly #initializers: ProtobufWriter[] = [];
  readonly #inputs: ProtobufWriter[] = [];
  readonly #outputs: ProtobufWriter[] = [];
  readonly #name: string;
  #count = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** @param declared the model's shape, with names for variable sizes; default: `shape` */
  input(
    name: string,
    type: DataType,
    shape: readonly number[],
    declared: readonly Dimension[] = shape,
  ): Value {
    this.#inputs.push(valueInfo(name, type, declared));
    return { name, shape };
  }

  /** @param declared see `input` */
  output(value: Value, name: string, declared: readonly Dimension[] = value.shape): void {
    this.#append({ operator: "Identity", inputs: [value], attributes: {}, output: name });
    this.#outputs.push(valueInfo(name, "float32", declared));
  }

  /** A constant tensor; `shape` is the whole shape, without a batch dimension. */
  constant(values: Elements, shape: readonly number[]): Value {
    const name = `w${this.#count++}`;
    const tensor = new ProtobufWriter();
    for (const size of shape) tensor.integer(1, size);
    tensor.integer(2, DATA_TYPE[typeOf(values)]);
    tensor.string(8, name);
    tensor.bytes(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    this.#initializers.push(tensor);
    return { name, shape };
  }

  integers(values: readonly number[]): Value {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length]);
  }

  /** Appends a node with one output of the given per-image shape. */
  node(
    operator: string,
    inputs: readonly Value[],
    shape: readonly number[],
    attributes: Attributes = {},
  ): Value {
    const output = `v${this.#count++}`;
    this.#append({ operator, inputs, attributes, output });
    return { name: output, shape };
  }

  #append({ operator, inputs, attributes, output }: NodeParts): void {
    const node = new ProtobufWriter();
    for (const input of inputs) node.string(1, input.name);
    node.string(2, output).string(3, output).string(4, operator);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attribute(name, value));
    this.#nodes.push(node);
  }

  build(): Uint8Array {
    const graph = new ProtobufWriter();
    for (const node of this.#nodes) graph.message(1, node);
    graph.string(2, this.#name);
    for (const initializer of this.#initializers) graph.message(5, initializer);
    for (const input of this.#inputs) graph.message(11, input);
    for (const output of this.#outputs) graph.message(12, output);
    return new ProtobufWriter()
      .integer(1, 8)
      .string(2, "lookalike-ads")
      .message(7, graph)
      .message(8, new ProtobufWriter().string(1, "").integer(2, 17))
      .finish();
  }
}

function typeOf(values: Elements): DataType {
  if (values instanceof Float32Array) return "float32";
  if (values instanceof Uint8Array) return "uint8";
  if (values instanceof Int8Array) return "int8";
  return values instanceof Int32Array ? "int32" : "int64";
}

function valueInfo(name: string, type: DataType, shape: readonly Dimension[]): ProtobufWriter {
  const dimensions = new ProtobufWriter();
  for (const size of ["batch", ...shape]) {
    const dimension = new ProtobufWriter();
    dimensions.message(1, typeof size === "string" ? dimension.string(2, size) : dimension.integer(1, size));
  }
  const tensor = new ProtobufWriter().integer(1, DATA_TYPE[type]).message(2, dimensions);
  return new ProtobufWriter().string(1, name).message(2, new ProtobufWriter().message(1, tensor));
}

/** `AttributeProto.type`: FLOAT = 1, INT = 2, STRING = 3, INTS = 7. */
function attribute(name: string, value: Attribute): ProtobufWriter {
  const writer = new ProtobufWriter().string(1, name);
  if (typeof value === "number") return writer.integer(3, value).integer(20, 2);
  if (typeof value === "string") return writer.string(4, value).integer(20, 3);
  if ("float" in value) return writer.float(2, value.float).integer(20, 1);
  for (const item of value) writer.integer(8, item);
  return writer.integer(20, 7);
}
