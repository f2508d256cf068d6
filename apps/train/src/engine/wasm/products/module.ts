/**
 * The text of a WebAssembly module: products of matrices of float32, with SIMD of 4 lanes, in a memory that is imported.
 *
 *     multiply(batch, a, b, c, rows, inner, columns, aRow, aCol, bRow, bCol, aStep, bStep, scratch)
 *     C_n = A_n B_n
 *
 * Counts, addresses, and distances in bytes: between rows, between columns, between matrices. A and B may lie as they like (a transposed
 * matrix is one with its distances exchanged); C is dense. Each number of C is summed over k in order, each product and each sum rounded:
 *
 *     c = 0;  for k = 0, 1, …:  c ← fl(c + fl(a_ik b_kj))
 *
 * so it depends on nothing but its row and its column, not on other rows and columns nor on how the work is cut, and zeros before others
 * change nothing. XNNPACK's products on wasm are the same to the bit (tests).
 *
 * The cut is that of Goto and van de Geijn (ACM TOMS 34, 2008): B is packed in panels of 8 columns and `depth` terms, so that a panel stays
 * in the first cache and `span` columns of them in the second, and tiles of 4 × 8 numbers of C stay in registers. What does not fill
 * a panel goes through a tile in `scratch`. Rows of A that do not lie together are packed by fours where they lie far apart.
 */
import {
  add,
  advance,
  atMost,
  bytesOf,
  call,
  equal,
  fn,
  get,
  i32,
  loop,
  mul,
  set,
  sub,
  when,
} from "../wat.ts"
import { copy, packPanel, packRows } from "./pack.ts"
import { depth, farApart, panelsAt, rowsAt, span, strip, tall, wide, wideBytes } from "./sizes.ts"
import { tiles } from "./tile.ts"

// the loops of a product, from the innermost on

/** Where in C the tile is that begins at row i0 + i and column j0 + j. */
const placeOfTile = add(
  get("c"),
  add(mul(add(get("i0"), get("i")), get("cRow")), bytesOf(add(get("j0"), get("j")))),
)

/** Where the tile's rows of A begin, packed or as they lie. */
const rowsOfTile = add(
  get("aAt"),
  `(select ${bytesOf(mul(get("i"), get("kn")))} ${mul(get("i"), get("aRow"))} ${get("isPacked")})`,
)

const tileTo = (c: string, cRow: string): string =>
  call(
    "tile",
    get("height"),
    rowsOfTile,
    get("rowBytes"),
    get("columnBytes"),
    get("bAt"),
    c,
    cRow,
    get("kn"),
    get("k0"),
  )

const inScratch = [get("scratch"), i32(wideBytes)] as const
const inPlace = [get("cAt"), get("cRow")] as const
const sizes = [get("height"), get("width")] as const

/** A tile, to its place; where the panel is not full, by way of `scratch`. */
const oneTile = `
${set("height", atMost(tall, sub(get("in"), get("i"))))}
${set("cAt", placeOfTile)}
${when(
  equal(get("width"), i32(wide)),
  tileTo(...inPlace),
  `
  ${call("copy", ...inPlace, ...inScratch, ...sizes)}
  ${tileTo(...inScratch)}
  ${call("copy", ...inScratch, ...inPlace, ...sizes)}`,
)}`

/** The tiles of a strip of rows, panel by panel. */
const tilesOfStrip = loop(
  "j",
  get("jn"),
  wide,
  `
${set("width", atMost(wide, sub(get("jn"), get("j"))))}
${set("bAt", add(get("panels"), bytesOf(mul(get("j"), get("kn")))))}
${loop("i", get("in"), tall, oneTile)}`,
)

const allStrips = loop(
  "i0",
  get("rows"),
  strip,
  `
${set("in", atMost(strip, sub(get("rows"), get("i0"))))}
${set("aAt", add(get("a"), add(mul(get("i0"), get("aRow")), mul(get("k0"), get("aCol")))))}
${when(
  get("isPacked"),
  `${call("packRows", get("aAt"), get("aRow"), get("aCol"), get("in"), get("kn"), get("strips"))}
  ${set("aAt", get("strips"))}`,
)}
${tilesOfStrip}`,
)

/** The panels of a block of B. */
const packBlock = loop(
  "j",
  get("jn"),
  wide,
  call(
    "packPanel",
    add(get("bAt"), mul(get("j"), get("bCol"))),
    get("bRow"),
    get("bCol"),
    get("kn"),
    atMost(wide, sub(get("jn"), get("j"))),
    add(get("panels"), bytesOf(mul(get("j"), get("kn")))),
  ),
)

const allTerms = loop(
  "k0",
  get("inner"),
  depth,
  `
${set("kn", atMost(depth, sub(get("inner"), get("k0"))))}
${set("bAt", add(get("b"), add(mul(get("k0"), get("bRow")), mul(get("j0"), get("bCol")))))}
${packBlock}
${allStrips}`,
)

const allColumns = loop(
  "j0",
  get("columns"),
  span,
  `
${set("jn", atMost(span, sub(get("columns"), get("j0"))))}
${allTerms}`,
)

// functions of the module

/** C = A B: by `span` columns, by `depth` terms, by `strip` rows, by panels, by tiles. */
const one = fn(
  "one",
  ["a", "b", "c", "rows", "inner", "columns", "aRow", "aCol", "bRow", "bCol", "scratch"],
  {
    i32: [
      ["panels", "strips", "isPacked", "rowBytes", "columnBytes", "cRow"],
      ["j0", "jn", "k0", "kn", "i0", "in", "j", "i", "width", "height", "aAt", "bAt", "cAt"],
    ].flat(),
  },
  `
${set("panels", add(get("scratch"), i32(panelsAt)))}
${set("strips", add(get("scratch"), i32(rowsAt)))}
${set("cRow", bytesOf(get("columns")))}
${set("isPacked", `(i32.gt_u ${get("aCol")} ${i32(farApart)})`)}
${set("rowBytes", `(select ${i32(4)} ${get("aRow")} ${get("isPacked")})`)}
${set("columnBytes", `(select ${i32(4 * tall)} ${get("aCol")} ${get("isPacked")})`)}
${allColumns}`,
)

const matrices = ["a", "b", "c", "rows", "inner", "columns", "aRow", "aCol", "bRow", "bCol"]

/** See the module header. */
const multiply = fn(
  "multiply",
  ["batch", ...matrices, "aStep", "bStep", "scratch"],
  { i32: ["n", "cStep"] },
  `
${set("cStep", bytesOf(mul(get("rows"), get("columns"))))}
${loop(
  "n",
  get("batch"),
  1,
  `
  ${call("one", ...matrices.map(get), get("scratch"))}
  ${advance("a", get("aStep"))}
  ${advance("b", get("bStep"))}
  ${advance("c", get("cStep"))}`,
)}`,
)

/** The module. */
export const productsModule = `(module
(import "env" "memory" (memory 0))
${[tiles, packPanel, packRows, copy, one, multiply].join("\n")}
(export "multiply" (func $multiply)))`
