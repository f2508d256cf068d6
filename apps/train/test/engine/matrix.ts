/**
 * One set of tests for every engine: operations, gradients, the model, sampling and a whole step of RAPO have the numbers of
 * PyTorch, of transformers, and of tfjs's plain `cpu` backend.
 *
 * Each engine has a test file, and so a process, of its own: tfjs has one backend a thread, and an engine is started once. An engine
 * that the machine lacks leaves one test, which says so.
 */
import { Seed } from "@rapo/distributions"
import { Rapo } from "@rapo/rapo"
import * as tf from "@tensorflow/tfjs"
import { afterAll, describe, expect, it } from "vitest"
import { availability } from "../../src/engine/availability.ts"
import type { EngineName } from "../../src/engine/EngineName.ts"
import { startEngine } from "../../src/engine/start.ts"
import { toDevice, toHost } from "../../src/model/DeviceParameters.ts"
import { disposeParameters } from "../../src/model/Parameters.ts"
import { collectRollouts } from "../../src/rollout/collect.ts"
import { disposeTrained } from "../../src/training/Optimise.ts"
import { type StepMetrics, reinforceStep } from "../../src/training/ReinforceStep.ts"
import { armOptions } from "../armOptions.ts"
import { distance } from "../closeness.ts"
import { settingOf } from "../configs.ts"
import { echoProblems, echoTask } from "../echoTask.ts"
import { freshlyTrained, talkativeParameters } from "../models.ts"
import { parity, parityTolerance, worst } from "../parity.ts"
import { describeWith, foldersIn, readJson } from "../sharedData.ts"
import { type Reference, operations as torchOperations, torchDistance } from "../torchOperations.ts"
import { operations } from "./operations.ts"

// tolerances

/** One operation in float32: the approximations of a card's exp and log among them. Measured: see docs/engines.md. */
const operationTolerance = 2e-5
/** A step: a forward and a backward pass through one layer, and Adam, whose first step divides the gradient by its size. */
const stepTolerance = 1e-3

/**
 * How long a test may take. A card that a processor plays compiles hundreds of shaders, each for as long as a whole test takes
 * elsewhere: the model's parity took 70 s of processor time on SwiftShader.
 */
const patience = (isSoftware: boolean): number => (isSoftware ? 600_000 : 60_000)

// the engine

const backends: { readonly [name in EngineName]: string } = {
  native: "tensorflow",
  webgpu: "webgpu",
  wasm: "wasm",
}

/** Starts the engine if it is there. In this process: the environment must be set before. */
const start = async (name: EngineName) => {
  const found = await availability(name)
  if (found._tag === "Absent") {
    console.info(`engine ${name} is not on this machine: ${found.problem}. ${found.remedy}`)
    return found
  }
  for (const [key, value] of Object.entries(found.environment)) process.env[key] ??= value
  await startEngine(name)
  // tfjs computes small tensors on the processor beside the card: not here.
  if (name === "webgpu") tf.env().set("WEBGPU_CPU_FORWARD", false)
  return found
}

const absent = (
  name: EngineName,
  { problem, remedy }: { readonly problem: string; readonly remedy: string },
): void => {
  it(`${name} is not on this machine: ${problem}`, () => {
    expect(remedy).not.toBe("")
  })
}

/** Defines the tests of an engine. */
export const matrix = async (name: EngineName): Promise<void> => {
  const found = await start(name)
  if (found._tag === "Absent") return absent(name, found)

  /** The largest distance of each kind, for the page about engines. */
  const measured = new Map<string, number>()
  const within = (kind: string, value: number, tolerance: number): void => {
    measured.set(kind, Math.max(measured.get(kind) ?? 0, value))
    expect(value).toBeLessThanOrEqual(tolerance)
  }
  const onCpu = <A>(f: () => A): Promise<A> => on("cpu", backends[name], f)

  describe(`${name} (${found.device})`, { timeout: patience(found.isSoftware) }, () => {
    it("is the engine of this process", () => {
      expect(tf.getBackend()).toBe(backends[name])
    })

    it.each(Object.entries(operations))("tf.%s", async (_, { apply, isDifferentiated }) => {
      const compute = () => (isDifferentiated ? valueAndGradients(apply) : [valueOf(apply)])
      const before = tf.memory().numTensors
      const here = compute()
      expect(tf.memory().numTensors).toBe(before)
      const there = await onCpu(compute)
      here.forEach((numbers, i) =>
        within("operation against tfjs's cpu", distance(numbers, there[i] ?? []), operationTolerance),
      )
    })

    describeWith("golden/torch-reference.json", "against PyTorch", (file) => {
      const reference = readJson(file) as Reference
      it.each(Object.entries(torchOperations))("operation %s with its gradients", (operation, apply) => {
        const golden = reference.ops[operation]
        if (golden === undefined) throw new Error(`the reference has no operation ${operation}`)
        within("operation against PyTorch", torchDistance(apply, golden), operationTolerance)
      })
    })

    describeWith("models", "against transformers", (models) => {
      // On software one model says enough, and takes a minute.
      const folders = foldersIn(models).slice(0, found.isSoftware ? 1 : Infinity)
      it.each(folders)("%s: logits, entropies, all gradients, greedy tokens", async (model) => {
        const before = tf.memory().numTensors
        within("model against transformers", worst(await parity(`${models}/${model}`)), parityTolerance)
        expect(tf.memory().numTensors).toBe(before)
      })
    })

    it("samples what the cpu backend samples, and leaves no tensor behind", async () => {
      const before = tf.memory().numTensors
      const here = sampled()
      expect(tf.memory().numTensors).toBe(before)
      expect(here).toEqual(await onCpu(sampled))
    })

    it("makes a step of RAPO as the cpu backend does, and leaves no tensor behind", async () => {
      const before = tf.memory().numTensors
      const here = stepped()
      expect(tf.memory().numTensors).toBe(before)
      const there = await onCpu(stepped)
      within("metrics of a step against tfjs's cpu", distance(here.metrics, there.metrics), stepTolerance)
      within("parameters after a step against tfjs's cpu", distance(here.after, there.after), stepTolerance)
    })

    afterAll(() => {
      for (const [kind, value] of measured)
        console.info(`${name}: ${kind}: at most ${value.toExponential(1)}`)
    })
  })
}

const on = async <A>(backend: string, back: string, f: () => A): Promise<A> => {
  await tf.setBackend(backend)
  try {
    return f()
  } finally {
    await tf.setBackend(back)
  }
}

// what is computed

const inputs = (): readonly [tf.Tensor2D, tf.Tensor2D] => {
  const { uniform } = Seed.generator(Seed.fromInteger(11))
  const matrix = (): tf.Tensor2D =>
    tf.tensor2d(
      Float32Array.from({ length: 12 }, () => 0.2 + uniform()),
      [3, 4],
    )
  return [matrix(), matrix()]
}

type Apply = (x: tf.Tensor2D, y: tf.Tensor2D) => tf.Tensor

/** A tidied computation of plain numbers. */
const freeing = <A>(f: () => A): A => {
  tf.engine().startScope()
  try {
    return f()
  } finally {
    tf.engine().endScope()
  }
}

const valueOf = (apply: Apply): ArrayLike<number> => freeing(() => apply(...inputs()).dataSync())

/** The value and the gradients of its sum of squares. */
const valueAndGradients = (apply: Apply): ReadonlyArray<ArrayLike<number>> =>
  freeing(() => {
    const given = [...inputs()]
    const value = apply(...inputs())
    const gradients = tf.grads((...xs: Array<tf.Tensor>) => {
      const out = apply(xs[0] as tf.Tensor2D, xs[1] as tf.Tensor2D)
      // Every input takes part, also where the operation has only one.
      return tf.add(tf.sum(tf.square(out)), tf.mul(0, tf.addN(xs.map((x) => tf.sum(x)))))
    })(given)
    return [value, ...gradients].map((tensor) => tensor.dataSync())
  })

const echo = settingOf(echoTask, { hidden_size: 16, num_hidden_layers: 1 })

const options = armOptions({
  optimiser: { epsilon: 1e-6, weightDecay: 0.01 },
  schedule: { learningRate: 1e-3, steps: 1 },
  groupSize: 4,
})

const sampled = (): unknown => {
  const parameters = talkativeParameters(echo.config, Seed.fromInteger(3))
  const { responses } = collectRollouts(echo, parameters, echoProblems, 4, 1, Seed.fromInteger(5))
  disposeParameters(parameters)
  return responses
}

const stepped = (): { readonly metrics: ReadonlyArray<number>; readonly after: ReadonlyArray<number> } => {
  const trained = freshlyTrained(echo.config, Seed.fromInteger(1))
  const reference = toDevice(toHost(trained.parameters))
  const rapo = Rapo.withParameters({ alpha: 0.1, phiMinimum: 0.8 })
  const result = reinforceStep(echo, rapo, options, trained, reference, echoProblems, 0, Seed.fromInteger(2))
  if (result._tag === "Diverged") throw new Error("the step is finite")
  const after = Object.values(result.trained.parameters).flatMap((tensor) => [...tensor.dataSync()])
  disposeTrained(result.trained)
  disposeParameters(reference)
  const metrics: StepMetrics = result.metrics
  return { metrics: Object.values(metrics), after }
}
