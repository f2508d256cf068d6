/**
 * Assembles the wasm engine's products of matrices: `engine/wasm/products/module.ts` into `bytes.ts`.
 *
 *     npm run wasm
 *
 * The bytes are committed, so that nobody who uses them needs an assembler; a test holds them to the text.
 */
import * as fs from "node:fs"
import * as path from "node:path"
import wabt from "wabt"
import { productsModule } from "../apps/train/src/engine/wasm/products/module.ts"

/** The module's bytes. */
export const assembled = async (): Promise<Uint8Array> => {
  const module = (await wabt()).parseWat("products.wat", productsModule, { simd: true, bulk_memory: true })
  const { buffer } = module.toBinary({})
  module.destroy()
  return buffer
}

/** Where they stand. */
export const target = new URL("../apps/train/src/engine/wasm/products/bytes.ts", import.meta.url)

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === import.meta.filename)
  fs.writeFileSync(
    target,
    `/** The module of \`module.ts\`, assembled, in base64: made by \`npm run wasm\`. */
export const productsBytes =
  "${Buffer.from(await assembled()).toString("base64")}"
`,
  )
