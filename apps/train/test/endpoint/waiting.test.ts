/** Waits and limits, on a clock that the test turns. */
import { Effect, Fiber, Layer, Ref, Stream } from "effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as TestClock from "effect/testing/TestClock"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { type AdaptiveLimit, make } from "../../src/endpoint/AdaptiveLimit.ts"
import { retryAfterSeconds, waitBefore } from "../../src/endpoint/Backoff.ts"
import * as Endpoint from "../../src/endpoint/Endpoint.ts"
import { defaults } from "../../src/endpoint/Settings.ts"
import { Sampler } from "../../src/evaluate/Sampler.ts"

const onTestClock = <A, E>(effect: Effect.Effect<A, E>): Promise<A> =>
  Effect.runPromise(effect.pipe(Effect.provide(TestClock.layer())))

test("waits grow, keep to their bounds, and obey Retry-After", () => {
  fc.assert(
    fc.property(
      fc.nat(40),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.option(fc.double({ min: 0, max: 600, noNaN: true }), { nil: undefined }),
      (retry, uniform, retryAfter) => {
        const patience = defaults.patience
        const wait = waitBefore(patience, retry, uniform, retryAfter)
        const bound = Math.min(patience.longest, patience.first * 2 ** retry)
        return (
          wait >= bound / 2 &&
          wait >= (retryAfter ?? 0) &&
          wait <= Math.max(bound, retryAfter ?? 0) &&
          waitBefore(patience, retry + 1, uniform, retryAfter) >= wait
        )
      },
    ),
  )
})

test("Retry-After: seconds and dates are read, the past is no wait, anything else is nothing", () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.integer({ min: -10_000, max: 10_000 }), (seconds, ahead) => {
      // Dates of the header are in whole seconds.
      const now = 1_700_000_000_000
      const date = new Date(now + 1000 * ahead).toUTCString()
      return (
        retryAfterSeconds(` ${seconds} `, now) === seconds &&
        retryAfterSeconds(date, now) === Math.max(0, ahead)
      )
    }),
  )
  for (const header of [undefined, "", "soon", "-5", "1e9", "Infinity"])
    expect(retryAfterSeconds(header, 0)).toBeUndefined()
})

/** Bodies are read by real promises, which the test's clock does not wait for. */
const settle = Effect.promise(async () => {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
})

/** A server in memory that refuses the first requests as told. */
const refusing = (
  seen: Ref.Ref<number>,
  refusals: ReadonlyArray<ConstructorParameters<typeof Response>[1]>,
): Layer.Layer<HttpClient.HttpClient> =>
  Layer.succeed(
    HttpClient.HttpClient,
    HttpClient.make((request) =>
      Ref.getAndUpdate(seen, (n) => n + 1).pipe(
        Effect.map((n) => {
          const refusal = refusals[n]
          const body = JSON.stringify({ choices: [{ message: { content: "x" }, finish_reason: "stop" }] })
          return HttpClientResponse.fromWeb(
            request,
            refusal === undefined ? new Response(body) : new Response("", refusal),
          )
        }),
      ),
    ),
  )

test.each([
  ["7", 7],
  [new Date(9000).toUTCString(), 9],
])("Retry-After: %s keeps everybody quiet so long, and no longer", async (header, seconds) => {
  const counts = await onTestClock(
    Effect.gen(function* () {
      const seen = yield* Ref.make(0)
      const settings = { ...defaults, url: "http://server", model: "m", inFlight: 2, choices: 1 }
      const running = yield* Effect.gen(function* () {
        const sampler = yield* Sampler
        const prompt = { problem: "p", text: "p", messages: [] }
        const plain = { temperature: 1, topP: 1, topK: undefined, maxTokens: 1, stop: [] }
        return yield* Stream.runCollect(sampler.sample([{ prompt, seed: 1, indices: [0, 1, 2, 3] }], plain))
      }).pipe(
        Effect.provide(
          Endpoint.layerWithClient(settings).pipe(
            Layer.provide(
              refusing(seen, [
                { status: 429, headers: { "retry-after": header } },
                { status: 429, headers: { "retry-after": header } },
              ]),
            ),
          ),
        ),
        Effect.forkChild,
      )
      yield* settle
      yield* TestClock.adjust(1000 * seconds - 1)
      yield* settle
      const before = yield* Ref.get(seen)
      yield* TestClock.adjust(1)
      const samples = yield* Fiber.join(running)
      return { before, after: yield* Ref.get(seen), samples: samples.length }
    }),
  )
  expect(counts).toEqual({ before: 2, after: 6, samples: 4 })
})

/** Runs a request of the given length that ends well, or with a complaint. */
const runs = (
  limit: AdaptiveLimit<number>,
  milliseconds: number,
  complaint?: number,
): Effect.Effect<void, number> =>
  limit.run(
    Effect.sleep(milliseconds).pipe(
      Effect.andThen(complaint === undefined ? Effect.void : Effect.fail(complaint)),
    ),
  )

test("a limit is halved once for all that was sent before, and comes back one by one", async () => {
  const limits = await onTestClock(
    Effect.gen(function* () {
      const limit = yield* make<number>(8, (seconds) => seconds)
      // Four complaints about one load, as the requests end.
      yield* Effect.forEach([1, 2, 3, 4], (ms) => Effect.ignore(runs(limit, ms, 0)), {
        concurrency: "unbounded",
        discard: true,
      }).pipe(Effect.forkChild)
      yield* TestClock.adjust(10)
      const halved = yield* limit.current
      const history: Array<number> = []
      for (let round = 0; round < 60; round++) {
        const one = yield* Effect.forkChild(runs(limit, 1))
        yield* TestClock.adjust(1)
        yield* Fiber.join(one)
        history.push(yield* limit.current)
      }
      return { halved, history }
    }),
  )
  expect(limits.halved).toBe(4)
  expect(limits.history.every((limit, i) => limit >= (limits.history[i - 1] ?? 4))).toBe(true)
  // A round of 4 successes adds about one; 4+5+6+7 = 22 successes and what rounding leaves lead back to 8, and no further.
  expect(limits.history.indexOf(8)).toBeGreaterThanOrEqual(22)
  expect(limits.history.indexOf(8)).toBeLessThanOrEqual(28)
  expect(limits.history.at(-1)).toBe(8)
})

test("complaints without end bring the limit to one, and never below", async () => {
  await onTestClock(
    Effect.gen(function* () {
      const limit = yield* make<number>(32, (seconds) => seconds)
      for (let i = 0; i < 8; i++) {
        const one = yield* Effect.forkChild(Effect.ignore(runs(limit, 1, 0)))
        yield* TestClock.adjust(2)
        yield* Fiber.join(one)
      }
      expect(yield* limit.current).toBe(1)
    }),
  )
})

test("an error that is no complaint changes nothing", async () => {
  await onTestClock(
    Effect.gen(function* () {
      const limit = yield* make<number>(4, () => undefined)
      yield* Effect.ignore(runs(limit, 0, 1))
      expect(yield* limit.current).toBe(4)
    }),
  )
})
