/** A problem's outcomes as solvers see them: flat arrays, and the best rewards on the support and off it. */
import type { Problem } from "../Optimal.ts"

export interface Outcomes {
  readonly size: number
  /** ln p, -Infinity off the support. */
  readonly logP: ReadonlyArray<number>
  readonly rewards: ReadonlyArray<number>
  /** r_S = max_S r. */
  readonly bestOn: number
  /** r_N = max r off the support; -Infinity if nothing is. */
  readonly bestOff: number
  /** How many outcomes off the support earn r_N. */
  readonly bestOffCount: number
}

export const outcomesOf = ({ reference, rewards }: Problem): Outcomes => {
  const logP = reference.logProbs
  let bestOn = -Infinity
  let bestOff = -Infinity
  let bestOffCount = 0
  for (let y = 0; y < rewards.length; y++) {
    const reward = rewards[y] ?? NaN
    if ((logP[y] ?? -Infinity) > -Infinity) bestOn = Math.max(bestOn, reward)
    else if (reward > bestOff) {
      bestOff = reward
      bestOffCount = 1
    } else if (reward === bestOff) bestOffCount++
  }
  return { size: rewards.length, logP, rewards, bestOn, bestOff, bestOffCount }
}
