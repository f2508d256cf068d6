/**
 * One request, until it is answered or given up.
 *
 *     refused with 400 or 422 -> again without the field that the server may not take (`concession`), at once
 *     a fault that may pass   -> again after a wait (`Backoff`), `retries` times
 *     anything else           -> given up
 */
import { Clock, Effect, Redacted, Ref } from "effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Either from "fp-ts/lib/Either.js"
import { Seed } from "@rapo/distributions"
import { type Prompt, SamplerError, type SamplingSettings } from "../evaluate/Sampler.ts"
import type { AdaptiveLimit } from "./AdaptiveLimit.ts"
import { type Answer, readAnswer, readMessage } from "./Answer.ts"
import { retryAfterSeconds, waitBefore } from "./Backoff.ts"
import { type Fault, givenUp, isRejection, isTransient } from "./Fault.ts"
import { type Lacks, concession, requestBody } from "./Request.ts"
import type { EndpointSettings } from "./Settings.ts"

// model

/** A server, and what has been learnt about it. */
export interface Connection {
  readonly settings: EndpointSettings
  /** Where requests are sent. */
  readonly address: string
  readonly key: Redacted.Redacted | undefined
  readonly client: HttpClient.HttpClient
  readonly limit: AdaptiveLimit<Fault>
  readonly learnt: Ref.Ref<Learnt>
}

/** What holds for all requests to a server. */
export interface Learnt {
  /** Whether it has ever answered. */
  readonly reached: boolean
  readonly lacks: Lacks
}

/** Which responses are asked for: `count` of them, from the index `first`. */
export interface Wanted {
  readonly first: number
  readonly count: number
}

// combinators

/** The answer to a request for some responses to a prompt. */
export const ask = (
  connection: Connection,
  prompt: Prompt,
  wanted: Wanted,
  sampling: SamplingSettings,
): Effect.Effect<Answer, SamplerError> => {
  const { settings, address, limit, learnt } = connection
  const jitter = Seed.generator(
    Seed.child(
      Seed.child(Seed.child(Seed.fromInteger(sampling.seed), "jitter"), prompt.problem),
      wanted.first,
    ),
  )
  const attempt = (retry: number, lacks: Lacks): Effect.Effect<Answer, SamplerError> => {
    const body = requestBody(settings, prompt, wanted, sampling, lacks)
    return limit.run(send(connection, body)).pipe(
      Effect.tap(() =>
        Ref.update(learnt, (before) => ({ reached: true, lacks: union(before.lacks, lacks) })),
      ),
      Effect.catch((fault) =>
        Effect.gen(function* () {
          if (fault._tag !== "Unreachable")
            yield* Ref.update(learnt, (before) => ({ ...before, reached: true }))
          const { reached } = yield* Ref.get(learnt)
          const without = isRejection(fault)
            ? concession(body, settings.extra, fault.message, sampling)
            : undefined
          if (without !== undefined) return yield* attempt(retry, new Set([...lacks, without]))
          const { retries, longestRetryAfter } = settings.patience
          const retryAfter = fault._tag === "Refused" ? fault.retryAfter : undefined
          const hopeless = !isTransient(fault) || !reached || (retryAfter ?? 0) > longestRetryAfter
          if (hopeless || retry === retries)
            return yield* new SamplerError(givenUp(fault, address, retry + 1))
          yield* Effect.sleep(1000 * waitBefore(settings.patience, retry, jitter.uniform(), retryAfter))
          return yield* attempt(retry + 1, lacks)
        }),
      ),
    )
  }
  return Effect.flatMap(Ref.get(learnt), ({ lacks }) => attempt(0, lacks))
}

/** The server does not take a field, as its answers show. */
export const learnLack = ({ learnt }: Connection, field: "n"): Effect.Effect<void> =>
  Ref.update(learnt, ({ reached, lacks }) => ({ reached, lacks: union(lacks, new Set([field])) }))

// numerics

const union = (a: Lacks, b: Lacks): Lacks => new Set([...a, ...b])

/** Sends once. */
const send = (
  { settings, address, key, client }: Connection,
  body: Readonly<Record<string, unknown>>,
): Effect.Effect<Answer, Fault> => {
  const request = HttpClientRequest.post(address).pipe(
    HttpClientRequest.acceptJson,
    HttpClientRequest.bodyJsonUnsafe(body),
    key === undefined ? (same) => same : HttpClientRequest.bearerToken(key),
  )
  return Effect.gen(function* () {
    const response = yield* client.execute(request)
    return { status: response.status, headers: response.headers, text: yield* response.text }
  }).pipe(
    Effect.mapError(transportFault),
    Effect.timeoutOrElse({
      duration: 1000 * settings.timeout,
      orElse: () => Effect.fail<Fault>({ _tag: "TooSlow", seconds: settings.timeout }),
    }),
    Effect.flatMap(({ status, headers, text }) =>
      status >= 200 && status < 300
        ? fromEither(Either.mapLeft((fault: Fault) => hideKey(key, fault))(readAnswer(settings.api, text)))
        : Effect.flatMap(Clock.currentTimeMillis, (now) =>
            Effect.fail(
              hideKey(key, {
                _tag: "Refused",
                status,
                message: readMessage(text),
                retryAfter: retryAfterSeconds(headers["retry-after"], now),
              }),
            ),
          ),
    ),
  )
}

const fromEither = <E, A>(either: Either.Either<E, A>): Effect.Effect<A, E> =>
  Either.isRight(either) ? Effect.succeed(either.right) : Effect.fail(either.left)

const transportFault = ({ reason }: HttpClientError.HttpClientError): Fault => {
  const cause = "cause" in reason ? reason.cause : undefined
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : ""
  const problem = code === "" ? (cause instanceof Error ? cause.message : reason._tag) : code
  return { _tag: unreachable.test(code) ? "Unreachable" : "Dropped", problem }
}

/** Node's codes of connections that were never made: nobody listens, no such host, no route, no trusted certificate. */
const unreachable =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|.*CERT.*|.*SSL.*|.*TLS.*)$/

/** Some servers repeat the key when they refuse it. */
const hideKey = (key: Redacted.Redacted | undefined, fault: Fault): Fault => {
  const hide = (text: string): string =>
    key === undefined ? text : text.replaceAll(Redacted.value(key), "***")
  switch (fault._tag) {
    case "Refused":
      return { ...fault, message: hide(fault.message) }
    case "Unusable":
      return { ...fault, problem: hide(fault.problem) }
    case "Unreachable":
    case "Dropped":
    case "TooSlow":
      return fault
  }
}
