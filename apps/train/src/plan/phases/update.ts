/**
 * The update of what is trained along a gradient, which is used up.
 */
import { type Descent, type OptimiserOptions, descendAlong, disposeTrained } from "../../training/Optimise.ts"
import { blankGradient } from "../blank.ts"
import { type Stage, peakBeside } from "./Stage.ts"

/** Bytes beside those that are held between steps; the gradient's are among them. */
export const updatePeak = (stage: Stage): number =>
  peakBeside(stage, ({ trained }) => {
    const descent: Descent = descendAlong(options, 0, trained, blankGradient(trained.parameters))
    if (descent._tag === "NotFinite") throw new Error("bug: zeros are finite")
    disposeTrained(descent.trained)
  }).bytes

// numerics

/** Weights that decay take one temporary of a matrix more. */
const options: OptimiserOptions = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0, clipNorm: 1 }
