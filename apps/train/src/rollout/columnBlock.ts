/**
 * In how large blocks an engine adds up over the columns of attention, so that padding by whole blocks changes no bit.
 *
 *     Σ_s w_s v_s  over  [0 … 0 | w₁ … w_S]   is rounded as over  [w₁ … w_S]   if the zeros fill whole blocks
 *
 * wasm (tfjs 4.22): its softmax adds 4 columns side by side, its products of batches 48 terms at a time, one block's sum after the
 * other; leading blocks of zeros are added first and change nothing. Two dimensional products add term by term, so rows of a batch
 * do not round by their company either. (A batch of one row and one key head takes another path, which no block helps.)
 *
 * The other engines choose an order of their own for each shape: there, nothing is gained by blocks.
 */
import * as tf from "@tensorflow/tfjs-core"

/** See the module header. */
export const columnBlock = (): number => (tf.getBackend() === "wasm" ? 48 : 1)
