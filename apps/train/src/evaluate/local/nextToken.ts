/**
 * How the next token is chosen from a row of logits.
 *
 *     temperature τ > 0:  q ∝ exp(filter(z / τ)),  the first token whose cumulative probability exceeds a uniform number
 *     temperature 0:      argmax z, the first of equals
 *     log-probability:    ln softmax(z), the model's own, whatever τ and the filters are
 *
 * Order of the filters as in transformers: temperature, top-k, top-p, min-p. Ties with the last token that a filter keeps are kept.
 * Double precision from the logits on.
 */
import { Filters } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import { draw } from "../../rollout/sample.ts"
import type { SamplingSettings } from "../Sampler.ts"

// model

/** The part of the settings that one token depends on. */
export type TokenSettings = Pick<SamplingSettings, "temperature" | "topP" | "topK" | "minP">

/** Given a row of logits: how a token is chosen, and what the model thinks of it. */
export interface NextToken {
  /** The token that a uniform number in [0, 1) selects. */
  readonly select: (uniform: number) => number
  /** In nats. */
  readonly logProb: (token: number) => number
}

// constructors

/**
 * See the module header.
 *
 * **Domain**  temperature ≥ 0, topP in (0, 1], topK an integer of at least 1 or undefined, minP in [0, 1] or undefined: the
 * command line has checked.
 */
export const nextToken = (settings: TokenSettings): ((logits: Float32Array) => NextToken) => {
  const { temperature, topP, topK, minP = 0 } = settings
  if (temperature === 0)
    return (logits) => {
      const best = argmax(logits)
      return { select: () => best, logProb: ownLogProb(logits) }
    }
  const filter = Filters.inOrder([
    ...(topK === undefined ? [] : [orBug(Filters.topK(topK))]),
    ...(topP === 1 ? [] : [orBug(Filters.topP(topP))]),
    ...(minP === 0 ? [] : [orBug(Filters.minP(minP))]),
  ])
  const isWhole = topK === undefined && topP === 1 && minP === 0
  return (logits) => {
    const scaled = Float64Array.from(logits, (z) => z / temperature)
    const weights = exponentials(isWhole ? scaled : Float64Array.from(filter(Array.from(scaled))))
    return { select: (uniform) => draw(weights, uniform), logProb: ownLogProb(logits) }
  }
}

// numerics

const orBug = <L, A>(either: E.Either<L, A>): A => {
  if (E.isRight(either)) return either.right
  throw new Error(`bug: sampling settings ${JSON.stringify(either.left)}`)
}

const argmax = (zs: Float32Array): number => {
  let best = 0
  for (let v = 1; v < zs.length; v++) if ((zs[v] ?? -Infinity) > (zs[best] ?? -Infinity)) best = v
  return best
}

const largest = (zs: ArrayLike<number>): number => {
  let most = -Infinity
  for (let v = 0; v < zs.length; v++) most = Math.max(most, zs[v] ?? -Infinity)
  return most
}

/** e^{z − max z}: at least one is 1, none overflows. */
const exponentials = (zs: Float64Array): Float64Array => {
  const most = largest(zs)
  return zs.map((z) => Math.exp(z - most))
}

/** ln softmax(z), its normaliser computed when it is first asked for. */
const ownLogProb = (logits: Float32Array): ((token: number) => number) => {
  let normaliser: number | undefined
  return (token) => {
    if (normaliser === undefined) {
      const most = largest(logits)
      let sum = 0
      for (let v = 0; v < logits.length; v++) sum += Math.exp((logits[v] ?? -Infinity) - most)
      normaliser = most + Math.log(sum)
    }
    return (logits[token] ?? -Infinity) - normaliser
  }
}
