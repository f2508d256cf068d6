/**
 * Sampling at its largest, without the thousands of passes that lead there:
 *
 *     max( a pass over prompts, beside the caches of those before it
 *          the pass over the last token, with a cache as long as it will be )
 *
 * Joining the caches of two passes takes less than the last token's pass, which holds the whole cache twice.
 */
import { forward } from "../../model/Qwen2.ts"
import { headSize } from "../../model/Qwen2Config.ts"
import { mostScores, nextToken } from "../../rollout/prefixTree.ts"
import { probabilities } from "../../rollout/sample.ts"
import { policyOf } from "../../training/Optimise.ts"
import { blankCache, blankTokens } from "../blank.ts"
import { type Load, tokensBefore } from "../Load.ts"
import { type Stage, peakBeside } from "./Stage.ts"

/** What of a load sampling depends on. */
export type Sampled = Pick<Load, "prompt" | "response" | "groupSize" | "batch" | "places">

/** Bytes beside those that are held between steps. */
export const samplingPeak = (stage: Stage, sampled: Sampled): number =>
  Math.max(lastToken(stage, sampled), ...promptPasses(sampled).map((pass) => ofPrompts(stage, pass)))

/** Keys and values before the last token and after it, in bytes. */
export const cacheBytes = ({ config }: Stage, sampled: Sampled): number => {
  const past = pastOfLast(sampled)
  const ofToken = 2 * config.num_hidden_layers * config.num_key_value_heads * headSize(config)
  return 4 * ofToken * rowsOf(sampled) * (past + (past + 1))
}

// numerics

/** Every response under way is another prefix, at the latest by its last token. */
const rowsOf = ({ batch, places }: Sampled): number => Math.min(batch, places)

const pastOfLast = ({ prompt, response }: Sampled): number => tokensBefore(prompt) + response - 1

const lastToken = (stage: Stage, sampled: Sampled): number =>
  peakBeside(stage, ({ trained }) => {
    const [rows, past] = [rowsOf(sampled), pastOfLast(sampled)]
    const cache = blankCache(stage.config, rows, past)
    const tokens = blankTokens(stage, rows, 1, past)
    nextToken(stage.config, policyOf(trained), tokens, cache, probabilities(1))
  }).bytes

/** A pass over `prompts` prompts of `tokens` tokens, after so many others. */
interface PromptPass {
  readonly prompts: number
  readonly tokens: number
  readonly before: number
}

const ofPrompts = (stage: Stage, { prompts, tokens, before }: PromptPass): number =>
  peakBeside(stage, ({ trained }) => {
    if (before > 0) blankCache(stage.config, before, tokens)
    forward(stage.config, policyOf(trained), blankTokens(stage, prompts, tokens, 0))
  }).bytes

/**
 * The passes that may take most: the last two, as `prefixTree.ts` cuts them. Shorter prompts go in larger portions, whose pass may
 * take more, so also the longest that all go in one.
 */
const promptPasses = (sampled: Sampled): ReadonlyArray<PromptPass> => {
  const { prompt } = sampled
  const all = promptsAtOnce(sampled)
  const lengths = new Set([prompt, Math.max(1, Math.min(prompt, Math.floor(Math.sqrt(mostScores / all))))])
  return [...lengths].flatMap((length) => {
    const most = Math.min(all, Math.max(1, Math.floor(mostScores / length ** 2)))
    const left = all % most
    const pass = (prompts: number, after: number): PromptPass => ({
      prompts,
      tokens: tokensBefore(length),
      before: all - prompts - after,
    })
    return [pass(most, left), ...(left === 0 ? [] : [pass(left, 0)])]
  })
}

/** The most prompts that are begun together: those of as many successive responses as there are places for. */
const promptsAtOnce = (sampled: Sampled): number => {
  const { batch, groupSize } = sampled
  const rows = rowsOf(sampled)
  const starts = Array.from({ length: Math.ceil(batch / rows) }, (_, i) => i * rows)
  return Math.max(
    ...starts.map((from) => {
      const last = Math.min(from + rows, batch) - 1
      return Math.floor(last / groupSize) - Math.floor(from / groupSize) + 1
    }),
  )
}
