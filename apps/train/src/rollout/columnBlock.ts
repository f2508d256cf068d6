/**
 * In how large blocks an engine adds up over the columns of attention, so that padding by whole blocks changes no bit.
 *
 *     Σ_s w_s v_s  over  [0 … 0 | w₁ … w_S]   is rounded as over  [w₁ … w_S]   if the zeros fill whole blocks
 *
 * wasm: tfjs's softmax adds 4 columns side by side. Products of matrices add term by term, whatever their shape
 * (`engine/wasm/products/module.ts`), so zeros before others change nothing, and nor does a row's company.
 *
 * The other engines choose an order of their own for each shape: there, nothing is gained by blocks.
 */
import * as tf from "@tensorflow/tfjs-core"
import { largestBlock } from "./frontWidth.ts"

/** The block for fronts, see the module header: prompts are padded to whole blocks, and newcomers wait for one to begin. */
export const columnBlock = (): number => (tf.getBackend() === "wasm" ? largestBlock : 1)
