/**
 * Responses from a server that speaks OpenAI's API: vLLM, SGLang, llama.cpp, text-generation-inference, `transformers serve`.
 *
 * Laws (tested against a server that injects faults)
 * 1. Nothing lost, nothing twice: whatever the server does, if it answers at last then each index gets one response, and it is one
 *    that the server gave for that prompt.
 * 2. No more than `inFlight` requests are under way at once, and fewer while the server complains.
 * 3. The key leaves this module in the header of requests alone: it stands in no message and in no sample.
 *
 * A response is asked for with the seed of its index, so a server that keeps to seeds gives the same response when a run is done
 * again; servers batch requests as they come, and rounding then differs, so that is likely and not certain.
 */
import { Config, Effect, Layer, Option, Redacted, Ref, Stream } from "effect"
import * as HttpClient from "effect/http/HttpClient"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Either from "fp-ts/lib/Either.js"
import {
  type Prompt,
  type Sample,
  Sampler,
  SamplerError,
  type SamplingSettings,
} from "../evaluate/Sampler.ts"
import { make as makeLimit } from "./AdaptiveLimit.ts"
import type { Answer, Choice } from "./Answer.ts"
import { type Connection, type Learnt, ask, learnLack } from "./ask.ts"
import { type Fault, isOverload } from "./Fault.ts"
import { endsAsked, portion } from "./Request.ts"
import { type EndpointSettings, defaultKeyVariable, requestAddress, shownAddress } from "./Settings.ts"

// constructors

/** The sampler of a server, over Node's HTTP. */
export const layer = (settings: EndpointSettings): Layer.Layer<Sampler, SamplerError> =>
  layerWithClient(settings).pipe(Layer.provide(NodeHttpClient.layerUndici))

/** The sampler of a server, over any HTTP client. */
export const layerWithClient = (
  settings: EndpointSettings,
): Layer.Layer<Sampler, SamplerError, HttpClient.HttpClient> =>
  Layer.effect(
    Sampler,
    Effect.map(connect(settings), (connection): Sampler["Service"] => ({
      name: settings.model,
      sample: (asks, sampling) =>
        Stream.fromIterable(asks.entries()).pipe(
          Stream.flatMap(
            ([ask, { prompt, seed, indices }]) =>
              responses(connection, prompt, [...new Set(indices)], { ...sampling, seed }).pipe(
                Stream.map((sample) => ({ ask, ...sample })),
              ),
            { concurrency: settings.inFlight },
          ),
        ),
    })),
  )

const connect = Effect.fnUntraced(function* (settings: EndpointSettings) {
  const address = requestAddress(settings.url, settings.api)
  if (Either.isLeft(address))
    return yield* new SamplerError({
      path: shownAddress(settings.url),
      field: "",
      problem: address.left.problem,
      remedy: address.left.remedy,
    })
  return {
    settings,
    address: address.right,
    key: yield* readKey(settings.apiKeyEnv),
    client: yield* HttpClient.HttpClient,
    limit: yield* makeLimit<Fault>(settings.inFlight, (fault) =>
      isOverload(fault) ? Math.min(fault.retryAfter ?? 0, settings.patience.longestRetryAfter) : undefined,
    ),
    learnt: yield* Ref.make<Learnt>({ reached: false, lacks: new Set() }),
  } satisfies Connection
})

/** The key in an environment variable; none is needed where no variable was named. */
const readKey = Effect.fnUntraced(function* (variable: string | undefined) {
  const name = variable ?? defaultKeyVariable
  const wrong = (problem: string): SamplerError =>
    new SamplerError({
      path: `environment variable ${name}`,
      field: "",
      problem,
      remedy: "Set it to the server's key, or name another variable with --api-key-env.",
    })
  const found = yield* Config.option(Config.Redacted(name)).pipe(
    Effect.mapError(() => wrong("cannot be read")),
  )
  const key = Option.isSome(found) ? Redacted.value(found.value).trim() : ""
  if (key === "") return variable === undefined ? undefined : yield* wrong("is not set")
  // Anything else cannot stand in a header.
  if (!/^[\u0021-\u007e]+$/.test(key)) return yield* wrong("holds characters that no key can have")
  return Redacted.make(key)
})

// combinators

/** A sample, before it is known which ask it answers. */
type Unasked = Omit<Sample, "ask">

/** Each index's response as it comes. What a server leaves out of an answer is asked for again. */
const responses = (
  connection: Connection,
  prompt: Prompt,
  indices: ReadonlyArray<number>,
  sampling: SamplingSettings,
): Stream.Stream<Unasked, SamplerError> =>
  Stream.unwrap(
    Effect.map(Ref.get(connection.learnt), ({ lacks }) =>
      Stream.fromIterable(portions(indices, portion(connection.settings, sampling, lacks))).pipe(
        Stream.flatMap(
          (asked) =>
            Stream.unwrap(
              Effect.map(request(connection, prompt, asked, sampling), ({ samples, missing }) =>
                missing.length === 0
                  ? Stream.fromIterable(samples)
                  : Stream.concat(
                      Stream.fromIterable(samples),
                      responses(connection, prompt, missing, sampling),
                    ),
              ),
            ),
          { concurrency: connection.settings.inFlight },
        ),
      ),
    ),
  )

const request = Effect.fnUntraced(function* (
  connection: Connection,
  prompt: Prompt,
  asked: ReadonlyArray<number>,
  sampling: SamplingSettings,
) {
  const answer = yield* ask(connection, prompt, { first: asked[0] ?? 0, count: asked.length }, sampling)
  // One of several: the server ignores `n`. Others that are missing are an accident.
  if (answer.choices.length === 1 && asked.length > 1) yield* learnLack(connection, "n")
  const answered = asked.slice(0, answer.choices.length)
  return {
    samples: answered.flatMap((sample, place) => {
      const choice = answer.choices[place]
      return choice === undefined
        ? []
        : [toSample(connection.settings, prompt, sample, sampling, answer, choice)]
    }),
    missing: asked.slice(answered.length),
  }
})

// numerics

/** Runs of successive indices, of at most `size`. */
const portions = (indices: ReadonlyArray<number>, size: number): ReadonlyArray<ReadonlyArray<number>> => {
  const runs: Array<Array<number>> = []
  for (const index of indices.toSorted((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last !== undefined && last.length < size && last.at(-1) === index - 1) last.push(index)
    else runs.push([index])
  }
  return runs
}

const toSample = (
  { api }: EndpointSettings,
  prompt: Prompt,
  sample: number,
  sampling: SamplingSettings,
  { promptTokens }: Answer,
  { text, finish, tokens, logProb }: Choice,
): Unasked => {
  const end = Math.min(
    ...[...sampling.stop, ...endsAsked(api, prompt)].flatMap((stop) =>
      stop !== "" && text.includes(stop) ? [text.indexOf(stop)] : [],
    ),
  )
  return {
    problem: prompt.problem,
    sample,
    // Some servers include the text that stopped the response.
    ...(Number.isFinite(end) ? { text: text.slice(0, end), finish: "stop" as const } : { text, finish }),
    promptTokens,
    tokens,
    logProb,
  }
}
