/**
 * Tiles of C, in registers over all of k: c = [c +] Σ_k a_k b_k, term by term.
 */
import { add, advance, call, equal, fn, get, i32, set, sub, times, when } from "../wat.ts"
import { tall, wideBytes } from "./sizes.ts"

const tileParameters = ["a", "aRow", "aCol", "b", "c", "cRow", "inner", "goesOn"]

/** `rows` × 8 numbers of C, from a panel of B; `goesOn` adds to what C has. */
const tileOf = (rows: number): string =>
  fn(
    `tile${rows}`,
    tileParameters,
    {
      v128: ["b0", "b1", "x", ...Array.from({ length: rows }, (_, r) => [`left${r}`, `right${r}`]).flat()],
      i32: Array.from({ length: rows }, (_, r) => [`a${r}`, `c${r}`]).flat(),
    },
    `
${times(
  rows,
  (r) => `
  ${set(`a${r}`, r === 0 ? get("a") : add(get(`a${r - 1}`), get("aRow")))}
  ${set(`c${r}`, r === 0 ? get("c") : add(get(`c${r - 1}`), get("cRow")))}`,
)}
${when(
  get("goesOn"),
  times(
    rows,
    (r) => `
  ${set(`left${r}`, `(v128.load ${get(`c${r}`)})`)}
  ${set(`right${r}`, `(v128.load offset=16 ${get(`c${r}`)})`)}`,
  ),
)}
(loop $next
  ${set("b0", `(v128.load ${get("b")})`)}
  ${set("b1", `(v128.load offset=16 ${get("b")})`)}
  ${times(
    rows,
    (r) => `
  ${set("x", `(v128.load32_splat ${get(`a${r}`)})`)}
  ${set(`left${r}`, `(f32x4.add ${get(`left${r}`)} (f32x4.mul ${get("x")} ${get("b0")}))`)}
  ${set(`right${r}`, `(f32x4.add ${get(`right${r}`)} (f32x4.mul ${get("x")} ${get("b1")}))`)}
  ${advance(`a${r}`, get("aCol"))}`,
  )}
  ${advance("b", i32(wideBytes))}
  (br_if $next (local.tee $inner ${sub(get("inner"), i32(1))})))
${times(
  rows,
  (r) => `
  (v128.store ${get(`c${r}`)} ${get(`left${r}`)})
  (v128.store offset=16 ${get(`c${r}`)} ${get(`right${r}`)})`,
)}`,
  )

const tile = fn(
  "tile",
  ["rows", ...tileParameters],
  {},
  Array.from({ length: tall }, (_, r) =>
    when(
      equal(get("rows"), i32(tall - r)),
      `${call(`tile${tall - r}`, ...tileParameters.map(get))} (return)`,
    ),
  ).join("\n"),
)

/** The functions for 1 to 4 rows, and `tile`, which chooses among them. */
export const tiles = [...Array.from({ length: tall }, (_, r) => tileOf(r + 1)), tile].join("\n")
