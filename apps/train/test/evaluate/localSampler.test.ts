/** A checkpoint as a sampler, on worker threads: what a response depends on, and what it does not. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Seed } from "@rapo/distributions"
import { Effect, Exit, Layer, Stream } from "effect"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import * as tf from "@tensorflow/tfjs-core"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import type { EngineError } from "../../src/errors.ts"
import { localSampler } from "../../src/evaluate/local/localSampler.ts"
import { type PromptForm, promptIn } from "../../src/evaluate/PromptForm.ts"
import {
  type Ask as SamplerAsk,
  type Sample,
  Sampler,
  type SamplingSettings,
} from "../../src/evaluate/Sampler.ts"
import { type Template, templates } from "../../src/evaluate/templates.ts"
import { type Checkpoint, writeCheckpoint } from "../../src/model/Checkpoint.ts"
import { toDevice, toHost } from "../../src/model/DeviceParameters.ts"
import { responseLogits } from "../../src/model/promptBatch.ts"
import { perform } from "../../src/workers/perform.ts"
import type { Job, Progress as JobProgress } from "../../src/workers/Job.ts"
import { Workers } from "../../src/workers/Workers.ts"
import { configOf } from "../configs.ts"
import { freeing } from "../engine.ts"
import { talkativeParameters } from "../models.ts"
import { byteTokenizer, chatMl } from "./byteTokenizer.ts"

// Two of them start threads, which take seconds on a busy machine.
vi.setConfig({ testTimeout: 180_000 })

const scratch = mkdtempSync(path.join(tmpdir(), "rapo-local-"))
const folder = path.join(scratch, "model")
const { tokenizer, tokenizerConfig } = byteTokenizer()
const config = configOf({ vocab_size: 259, num_hidden_layers: 1, max_position_embeddings: 320 })
const checkpoint: Checkpoint = freeing(() => ({
  config,
  parameters: toHost(talkativeParameters(config, Seed.fromInteger(11))),
  tokenizerJson: tokenizer,
  tokenizerConfig,
}))

beforeAll(() =>
  Effect.runPromise(writeCheckpoint(folder, checkpoint).pipe(Effect.provide(NodeServices.layer))),
)
afterAll(() => rmSync(scratch, { recursive: true }))

const settings: SamplingSettings = {
  temperature: 1,
  topP: 1,
  topK: undefined,
  maxTokens: 12,
  stop: [],
  seed: 3,
}

const inTemplate = (template: Template): PromptForm => ({ _tag: "Template", template })
const named = (name: string): PromptForm =>
  inTemplate(templates.find((template) => template.name === name) as Template)
const plain = named("plain")

interface Ask {
  readonly problem: string
  readonly indices: ReadonlyArray<number>
  readonly settings?: Partial<SamplingSettings>
}

/** Jobs done in this thread, which needs no start. */
const here: Layer.Layer<Workers> = Layer.succeed(Workers, {
  size: 1,
  engine: "wasm",
  run: ((job: Job, onProgress: (progress: JobProgress) => void) =>
    Effect.orDie(perform(job, onProgress)).pipe(
      Effect.provide(NodeServices.layer),
    )) as Workers["Service"]["run"],
  team: () => Effect.die("nothing here takes a team"),
})

const asked = (form: PromptForm, ask: Ask): SamplerAsk => ({
  prompt: promptIn(form, ask.problem, `${ask.problem}?`),
  seed: ask.settings?.seed ?? settings.seed,
  indices: ask.indices,
})

/** Asks one after another. */
const asking = (
  workers: Layer.Layer<Workers, EngineError>,
  asks: ReadonlyArray<Ask>,
  from = folder,
  form = plain,
) =>
  Effect.runPromiseExit(
    Effect.gen(function* () {
      const sampler = yield* Sampler
      return yield* Effect.forEach(asks, (ask) =>
        sampler.sample([asked(form, ask)], { ...settings, ...ask.settings }).pipe(
          Stream.runCollect,
          Effect.map((samples) => [...samples].toSorted((a, b) => a.sample - b.sample)),
        ),
      )
    }).pipe(
      Effect.provide(localSampler(from, "tiny").pipe(Layer.provide(workers))),
      Effect.provide(NodeServices.layer),
    ),
  )

const answers = async (
  workers: Layer.Layer<Workers, EngineError>,
  asks: ReadonlyArray<Ask>,
): Promise<ReadonlyArray<ReadonlyArray<Sample>>> => {
  const exit = await asking(workers, asks)
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error(String(exit.cause))
}

/** The same asks in one request: samples by ask, and of an ask by index. */
const answersTogether = (
  workers: Layer.Layer<Workers, EngineError>,
  asks: ReadonlyArray<Ask>,
): Promise<ReadonlyArray<ReadonlyArray<Sample>>> =>
  Effect.gen(function* () {
    const sampler = yield* Sampler
    const samples = yield* sampler
      .sample(
        asks.map((ask) => asked(plain, ask)),
        settings,
      )
      .pipe(Stream.runCollect)
    return asks.map((_, i) =>
      [...samples].filter(({ ask }) => ask === i).toSorted((a, b) => a.sample - b.sample),
    )
  }).pipe(
    Effect.provide(localSampler(folder, "tiny").pipe(Layer.provide(workers))),
    Effect.provide(NodeServices.layer),
    Effect.runPromise,
  )

/** The checkpoint with another generation_config.json and a chat template; `eos` is the tokenizer's. */
const variant = async (generation: object, eos = "<|im_end|>"): Promise<string> => {
  const own = mkdtempSync(path.join(scratch, "v-"))
  const made = {
    ...checkpoint,
    tokenizerConfig: { ...tokenizerConfig, eos_token: eos, chat_template: chatMl },
  }
  await Effect.runPromise(writeCheckpoint(own, made).pipe(Effect.provide(NodeServices.layer)))
  writeFileSync(path.join(own, "generation_config.json"), JSON.stringify(generation))
  return own
}

const upTo = (n: number): ReadonlyArray<number> => Array.from({ length: n }, (_, i) => i)

describe("responses", () => {
  it("depend on seed, problem and index alone: not on the workers, the portions or their order", async () => {
    const [together = [], other = []] = await answers(here, [
      { problem: "one", indices: upTo(8) },
      { problem: "two", indices: upTo(8) },
    ])
    const apart = await answers(Workers.on({ engine: "wasm", workers: 2 }), [
      { problem: "two", indices: [7, 1] },
      { problem: "one", indices: [5] },
      { problem: "one", indices: [0, 6, 7] },
      { problem: "two", indices: [0, 2, 3, 4, 5, 6] },
      { problem: "one", indices: [4, 3, 2, 1] },
    ])
    const texts = (samples: ReadonlyArray<Sample>) =>
      samples.map(({ problem, sample, text, finish, tokens }) =>
        JSON.stringify({ problem, sample, text, finish, tokens }),
      )
    expect(texts(apart.flat()).toSorted()).toEqual(texts([...together, ...other]).toSorted())
    // They are not all the same, or the check would say nothing.
    expect(new Set(together.map(({ text }) => text)).size).toBeGreaterThan(4)
  })

  it("to many prompts of unequal length are the same to the last bit, together or prompt by prompt, on any workers", async () => {
    const asks = ["", "one", "a longer one, of several words", "x".repeat(70), "two"].flatMap(
      (problem, i) => [
        { problem, indices: upTo(6 + i) },
        { problem, indices: upTo(3), settings: { seed: 4 } },
      ],
    )
    const bits = (samples: ReadonlyArray<ReadonlyArray<Sample>>): ReadonlyArray<string> =>
      samples.flat().map(({ ask: _, ...own }) => JSON.stringify(own))
    const apart = await answers(here, asks)
    expect(bits(await answersTogether(here, asks))).toEqual(bits(apart))
    expect(bits(await answersTogether(Workers.on({ engine: "wasm", workers: 2 }), asks))).toEqual(bits(apart))
    expect(new Set(bits(apart)).size).toBe(asks.reduce((sum, { indices }) => sum + indices.length, 0))
  })

  it("change with the seed", async () => {
    const [one = [], two = []] = await answers(here, [
      { problem: "one", indices: upTo(4) },
      { problem: "one", indices: upTo(4), settings: { seed: 4 } },
    ])
    expect(one.map(({ text }) => text)).not.toEqual(two.map(({ text }) => text))
  })

  it("are the most probable tokens at temperature 0, and as probable as the model says", async () => {
    const [greedy = []] = await answers(here, [
      { problem: "one", indices: [0, 1], settings: { temperature: 0, maxTokens: 5 } },
    ])
    const prompt = [...new TextEncoder().encode("one?")]
    const [best, sum] = freeing(() => {
      const parameters = toDevice(checkpoint.parameters)
      const ids: Array<number> = []
      let total = 0
      for (let t = 0; t < 5 && ids.at(-1) !== 258; t++) {
        const response = Int32Array.from([...ids, 0])
        const logits = responseLogits(
          config,
          parameters,
          { prompts: [prompt], groupSize: 1, padId: 256 },
          response,
          t + 1,
        )
        const row = tf.logSoftmax(tf.slice(logits, [0, t, 0], [1, 1, -1])).dataSync<"float32">()
        const token = row.indexOf(Math.max(...row))
        ids.push(token)
        total += row[token] ?? NaN
      }
      return [ids, total] as const
    })
    expect(greedy.map(({ tokens }) => tokens)).toEqual([best.length, best.length])
    const bytes = Uint8Array.from(best.filter((id) => id < 256))
    for (const { text, logProb, promptTokens } of greedy) {
      expect(text).toBe(new TextDecoder().decode(bytes))
      // Float32 logits of five tokens, summed.
      expect(Math.abs((logProb ?? NaN) - sum)).toBeLessThan(1e-4)
      expect(promptTokens).toBe(prompt.length)
    }
  })

  it("end before a stop string, at an end token, or at the bound", async () => {
    const [free = []] = await answers(here, [{ problem: "one", indices: upTo(40) }])
    const stop = free.map(({ text }) => text.slice(1, 2)).find((letter) => /^[ -~]$/.test(letter)) ?? "?"
    const [cut = []] = await answers(here, [
      { problem: "one", indices: upTo(40), settings: { stop: [stop] } },
    ])
    free.forEach(({ text, finish, tokens }, i) => {
      expect(cut[i]?.text).toBe(text.includes(stop) ? text.slice(0, text.indexOf(stop)) : text)
      if (text.includes(stop)) expect(cut[i]?.finish).toBe("stop")
      else expect([cut[i]?.finish, cut[i]?.tokens]).toEqual([finish, tokens])
      if (finish === "length") expect(tokens).toBe(settings.maxTokens)
    })
    expect(cut.some(({ finish }) => finish === "stop")).toBe(true)
    expect(free.some(({ finish }) => finish === "length")).toBe(true)
  })

  it("are no longer than the model's room", async () => {
    const [[first] = []] = await answers(here, [
      { problem: "x".repeat(310), indices: [0], settings: { maxTokens: 1000 } },
    ])
    expect((first?.promptTokens ?? 0) + (first?.tokens ?? 0)).toBeLessThanOrEqual(320)
  })

  it("obey every end token of generation_config.json, and that of the form, and a stop that names one", async () => {
    const [free = []] = await answers(here, [{ problem: "one", indices: upTo(20) }])
    const first = free.find(({ text }) => /^[ -~]/.test(text))
    if (first === undefined) throw new Error("of twenty responses one begins with a printable character")
    const byte = first.text.charCodeAt(0)
    const own = await variant({ eos_token_id: [258, byte] })
    const ask = { problem: "one", indices: [first.sample] }
    const exit = await asking(here, [ask], own)
    expect(Exit.isSuccess(exit) && exit.value[0]).toMatchObject([{ tokens: 1, finish: "stop" }])
  })

  it("end where the form ends a turn, or where a stop names a control token; else they go on", async () => {
    // Its files name <|endoftext|> alone, as a base model's: in these responses <|im_end|> ends a turn and no text.
    const base = await variant({ eos_token_id: 256 }, "<|endoftext|>")
    const asks = (stop: ReadonlyArray<string>) => [{ problem: "one", indices: upTo(60), settings: { stop } }]
    const drawn = async (form: PromptForm, stop: ReadonlyArray<string> = []) => {
      const exit = await asking(here, asks(stop), base, form)
      if (Exit.isFailure(exit)) throw new Error(String(exit.cause))
      return exit.value[0] ?? []
    }
    const free = await drawn(plain)
    const stopped = await drawn(plain, ["<|im_end|>"])
    // What goes on behind the end of a turn is longer than what does not; all else is the same.
    const shorter = stopped.filter(({ tokens }, i) => (tokens ?? 0) < (free[i]?.tokens ?? 0))
    expect(shorter.length).toBeGreaterThan(0)
    for (const { finish } of shorter) expect(finish).toBe("stop")
    stopped.forEach(({ text }, i) => expect(free[i]?.text.startsWith(text)).toBe(true))
    // The form itself says so, by its text or by the model's chat template.
    for (const form of [named("qwen-boxed"), { _tag: "Chat" } as const]) {
      const bySelf = await drawn(form)
      const byStop = await drawn(form, ["<|im_end|>"])
      expect(bySelf).toEqual(byStop)
      expect(
        bySelf.some(({ finish, tokens }) => finish === "stop" && (tokens ?? 0) < settings.maxTokens),
      ).toBe(true)
    }
  })
})

describe("a prompt", () => {
  it("that leaves no room is refused", async () => {
    const exit = await asking(here, [{ problem: "x".repeat(330), indices: [0] }])
    expect(Exit.isFailure(exit) && String(exit.cause)).toContain("331 tokens")
  })

  it("may be a single token", async () => {
    const [[first] = []] = await answers(here, [{ problem: "", indices: [0] }])
    expect(first?.promptTokens).toBe(1)
    expect(first?.tokens ?? 0).toBeGreaterThan(0)
  })
})
