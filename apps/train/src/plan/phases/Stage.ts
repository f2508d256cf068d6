/**
 * What a phase of a step is run on: everything that is held between steps, dry.
 */
import { none, scoped } from "../../engine/scoped.ts"
import { type Lora, adapterSize } from "../../model/lora/Lora.ts"
import { parameterCount } from "../../model/Parameters.ts"
import type { Qwen2Config } from "../../model/Qwen2Config.ts"
import type { Learning } from "../../training/start.ts"
import { blankLearning } from "../blank.ts"
import type { DryBackend, IsOfKind, Peak } from "../dry/backend.ts"

// model

/** Whose step it is, and the dry engine of this thread. */
export interface Stage {
  readonly dry: DryBackend
  readonly config: Qwen2Config
  readonly lora: Lora | undefined
}

// measurements

/** Bytes at the peak of `run` beside those that are held between steps. It frees what it keeps. */
export const peakBeside = (
  { dry, config, lora }: Stage,
  run: (learning: Learning) => void,
  isOfKind?: IsOfKind,
): Peak =>
  scoped(() => {
    const learning = blankLearning(config, lora)
    const resting = dry.live()
    const { bytes, ofKind } = dry.peakOf(() => scoped(() => run(learning), none), isOfKind)
    return { bytes: bytes - resting, ofKind }
  }, none)

/** Bytes of what `made` makes. */
export const bytesOf = ({ dry }: Stage, made: () => void): number =>
  scoped(() => {
    const before = dry.live()
    made()
    return dry.live() - before
  }, none)

/** Bytes of what is trained: so many has its gradient, and each of its two moments. */
export const bytesOfTrained = ({ config, lora }: Stage): number =>
  4 * (lora === undefined ? parameterCount(config) : adapterSize(config, lora))
