/**
 * Parts of matrices, laid where they are worked on.
 */
import { add, advance, atMost, bytesOf, equal, fn, get, i32, loop, mul, set, sub, when } from "../wat.ts"
import { tall, wide, wideBytes } from "./sizes.ts"

/** A panel: `width` columns of B, up to 8, as rows of 8; the rest are zeros. */
export const packPanel = fn(
  "packPanel",
  ["b", "bRow", "bCol", "inner", "width", "to"],
  { i32: ["k", "j", "from", "at"] },
  `
${when(
  `(i32.and ${equal(get("width"), i32(wide))} ${equal(get("bCol"), i32(4))})`,
  `${loop(
    "k",
    get("inner"),
    1,
    `
    (v128.store ${get("to")} (v128.load ${get("b")}))
    (v128.store offset=16 ${get("to")} (v128.load offset=16 ${get("b")}))
    ${advance("to", i32(wideBytes))}
    ${advance("b", get("bRow"))}`,
  )}
  (return)`,
)}
${when(
  `(i32.lt_u ${get("width")} ${i32(wide)})`,
  `(memory.fill ${get("to")} ${i32(0)} ${mul(get("inner"), i32(wideBytes))})`,
)}
${loop(
  "j",
  get("width"),
  1,
  `
  ${set("from", add(get("b"), mul(get("j"), get("bCol"))))}
  ${set("at", add(get("to"), bytesOf(get("j"))))}
  ${loop(
    "k",
    get("inner"),
    1,
    `
    (f32.store ${get("at")} (f32.load ${get("from")}))
    ${advance("at", i32(wideBytes))}
    ${advance("from", get("bRow"))}`,
  )}`,
)}`,
)

/** Rows of A by fours, term by term, so that the four of a tile lie side by side. */
export const packRows = fn(
  "packRows",
  ["a", "aRow", "aCol", "rows", "inner", "to"],
  { i32: ["i", "r", "k", "from", "at", "height"] },
  loop(
    "i",
    get("rows"),
    tall,
    `
  ${set("height", atMost(tall, sub(get("rows"), get("i"))))}
  ${set("at", add(get("to"), bytesOf(mul(get("i"), get("inner")))))}
  ${set("from", add(get("a"), mul(get("i"), get("aRow"))))}
  ${loop(
    "k",
    get("inner"),
    1,
    `
    ${when(
      `(i32.and ${equal(get("height"), i32(tall))} ${equal(get("aRow"), i32(4))})`,
      `(v128.store ${get("at")} (v128.load ${get("from")}))`,
      loop(
        "r",
        get("height"),
        1,
        `(f32.store ${add(get("at"), bytesOf(get("r")))} (f32.load ${add(get("from"), mul(get("r"), get("aRow")))}))`,
      ),
    )}
    ${advance("at", i32(4 * tall))}
    ${advance("from", get("aCol"))}`,
  )}`,
  ),
)

/** Rows of `width` numbers from one place to another. */
export const copy = fn(
  "copy",
  ["from", "fromRow", "to", "toRow", "rows", "width"],
  { i32: ["i", "j"] },
  loop(
    "i",
    get("rows"),
    1,
    `
  ${loop(
    "j",
    get("width"),
    1,
    `(f32.store ${add(get("to"), bytesOf(get("j")))} (f32.load ${add(get("from"), bytesOf(get("j")))}))`,
  )}
  ${advance("from", get("fromRow"))}
  ${advance("to", get("toRow"))}`,
  ),
)
