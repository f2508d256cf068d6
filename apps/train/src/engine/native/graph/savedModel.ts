/**
 * A recording as TensorFlow's SavedModel: the protocol buffer that `loadSavedModel` reads.
 *
 *     SavedModel { 1: version  2: MetaGraphDef { 1: MetaInfoDef { 4: tags }  2: GraphDef { 1: NodeDef*  4: VersionDef } } }
 *     NodeDef { 1: name  2: op  3: inputs  5: map<name, AttrValue> }
 *
 * Field numbers are those of tensorflow/core/{protobuf/saved_model, framework/graph, node_def, attr_value, tensor}.proto;
 * they never change. Source: protobuf.dev, "Encoding": a field is (number · 8 + wire type) as a varint, then its value.
 */
import type { Binding, OpAttribute } from "./Binding.ts"
import type { Node, Recording } from "./record.ts"

/** The tag under which the graph is saved. */
export const tag = "serve"

/** The bytes of `saved_model.pb`. */
export const savedModel = (binding: Binding, { nodes }: Recording): Uint8Array => {
  const versions = message([integer(1, graphVersion)])
  const graph = message([...nodes.map((node) => nested(1, nodeDef(binding, node))), nested(4, versions)])
  const meta = message([nested(1, text(4, tag)), nested(2, graph)])
  return message([integer(1, 1), nested(2, meta)])
}

// numerics: TensorFlow

/** What the kernels of tfjs-node 4.22 are written for (TensorFlow 2.9's graph version); later ones read it as well. */
const graphVersion = 1087

const nodeDef = (binding: Binding, node: Node): Uint8Array => {
  switch (node._tag) {
    case "Input":
      return definition(node.name, "Placeholder", [], {
        dtype: integer(6, node.dtype),
        shape: nested(7, shape(node.shape)),
      })
    case "Constant":
      return definition(node.name, "Const", [], {
        dtype: integer(6, node.dtype),
        value: nested(
          8,
          message([integer(1, node.dtype), nested(2, shape(node.shape)), nested(4, node.bytes)]),
        ),
      })
    case "Operation":
      return definition(
        node.name,
        node.op,
        node.inputs,
        Object.fromEntries(node.attributes.map((each) => [each.name, attribute(binding, each)])),
      )
  }
}

const definition = (
  name: string,
  op: string,
  inputs: ReadonlyArray<string>,
  attributes: Readonly<Record<string, Uint8Array>>,
): Uint8Array =>
  message([
    text(1, name),
    text(2, op),
    ...inputs.map((input) => text(3, input)),
    ...Object.entries(attributes).map(([key, value]) => nested(5, message([text(1, key), nested(2, value)]))),
  ])

/** AttrValue { 1: list  2: bytes  3: int  4: float  5: bool  6: type  7: shape }; the list has the same numbers. */
const attribute = (binding: Binding, { name, type, value }: OpAttribute): Uint8Array => {
  const one = (each: unknown): Uint8Array => {
    switch (type) {
      case binding.TF_ATTR_STRING:
        return text(2, String(each))
      case binding.TF_ATTR_INT:
        return integer(3, Number(each))
      case binding.TF_ATTR_FLOAT:
        return float(4, Number(each))
      case binding.TF_ATTR_BOOL:
        return integer(5, Number(each))
      case binding.TF_ATTR_TYPE:
        return integer(6, Number(each))
      case binding.TF_ATTR_SHAPE:
        return nested(7, shape(each as ReadonlyArray<number>))
      default:
        throw new Error(`bug: attribute ${name} is of a kind that cannot be recorded`)
    }
  }
  const isList = Array.isArray(value) && type !== binding.TF_ATTR_SHAPE
  return isList ? nested(1, message(value.map(one))) : one(value)
}

/** TensorShapeProto { 2: Dim { 1: size } } */
const shape = (sizes: ReadonlyArray<number>): Uint8Array =>
  message(sizes.map((size) => nested(2, integer(1, size))))

// numerics: protocol buffers

const message = (fields: ReadonlyArray<Uint8Array>): Uint8Array => {
  const all = new Uint8Array(fields.reduce((sum, { length }) => sum + length, 0))
  fields.reduce((at, field) => {
    all.set(field, at)
    return at + field.length
  }, 0)
  return all
}

const varint = (value: number): Uint8Array => {
  const bytes: Array<number> = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return Uint8Array.from([...bytes, Number(rest)])
}

const integer = (field: number, value: number): Uint8Array => message([varint(field << 3), varint(value)])

const float = (field: number, value: number): Uint8Array =>
  message([varint((field << 3) | 5), new Uint8Array(Float32Array.of(value).buffer)])

const nested = (field: number, content: Uint8Array): Uint8Array =>
  message([varint((field << 3) | 2), varint(content.length), content])

const text = (field: number, content: string): Uint8Array => nested(field, new TextEncoder().encode(content))
