/** The assembled products of matrices are those of their text. */
import { expect, it } from "vitest"
import { productsBytes } from "../../apps/train/src/engine/wasm/products/bytes.ts"
import { assembled } from "../assembleProducts.ts"

it("the committed bytes are what the text assembles to; else: npm run wasm", async () => {
  expect(productsBytes).toBe(Buffer.from(await assembled()).toString("base64"))
})
