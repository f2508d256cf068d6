/**
 * In how large blocks an engine adds up over the columns of attention, so that padding by whole blocks changes no bit.
 *
 *     Σ_s w_s v_s  over  [0 … 0 | w₁ … w_S]   is rounded as over  [w₁ … w_S]   if the zeros fill whole blocks
 *
 * wasm (tfjs 4.22): its softmax adds 4 columns side by side, its products of batches 48 terms at a time, and then the blocks' sums.
 * Leading blocks of zeros change neither, and nor do any leading zeros where all columns are in one block. Products of two matrices
 * add term by term, so rows of a batch do not round by their company either. (A single row with a single key head takes that other
 * path in attention too, where more than 48 columns are added differently.)
 *
 * The other engines choose an order of their own for each shape: there, nothing is gained by blocks.
 */
import * as tf from "@tensorflow/tfjs-core"
import type { Qwen2Config } from "../model/Qwen2Config.ts"
import { largestBlock, widestFront } from "./frontWidth.ts"

/** Columns that wasm's softmax adds side by side. */
const lanes = 4

/**
 * The block for fronts of a model, see the module header: a function of the model alone, since what is computed of a prompt depends on
 * it. A small one is cheaper: prompts are padded to whole blocks, and newcomers wait for one to begin.
 */
export const columnBlock = (config: Pick<Qwen2Config, "max_position_embeddings">): number =>
  tf.getBackend() !== "wasm"
    ? 1
    : widestFront(config.max_position_embeddings, lanes) <= largestBlock
      ? lanes
      : largestBlock
