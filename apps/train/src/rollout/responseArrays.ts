/**
 * Responses of unequal length as one rectangle with a mask.
 */
import type { Responses } from "./sample.ts"

/** B responses over T tokens, T the longest. */
export interface ResponseArrays {
  /** Row by row [B, T], padded on the right. */
  readonly tokens: Int32Array
  /** [B, T]: 1 on response tokens, `<eos>` included. */
  readonly mask: Float32Array
  readonly time: number
  readonly tokenCount: number
}

/** See the module header. */
export const responseArrays = (responses: Responses, padId: number): ResponseArrays => {
  const time = Math.max(...responses.map(({ length }) => length))
  const tokens = new Int32Array(responses.length * time).fill(padId)
  const mask = new Float32Array(responses.length * time)
  responses.forEach((response, b) => {
    tokens.set(response, b * time)
    mask.fill(1, b * time, b * time + response.length)
  })
  return { tokens, mask, time, tokenCount: responses.reduce((sum, { length }) => sum + length, 0) }
}
