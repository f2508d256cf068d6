/** The client against a server that injects faults: nothing lost, nothing twice, and no key where it does not belong. */
import { Cause, ConfigProvider, Effect, Exit, Stream } from "effect"
import * as fc from "fast-check"
import { expect, test, vi } from "vitest"
import * as Endpoint from "../../src/endpoint/Endpoint.ts"
import { requestSeed } from "../../src/endpoint/Request.ts"
import { type EndpointSettings, defaults } from "../../src/endpoint/Settings.ts"
import { type Prompt, type Sample, Sampler, type SamplingSettings } from "../../src/evaluate/Sampler.ts"
import {
  type FaultServer,
  type Options,
  type ScriptedFault,
  faults,
  startFaultServer,
} from "./FaultServer.ts"

const prompts = (count: number): ReadonlyArray<Prompt> =>
  Array.from({ length: count }, (_, p) => ({
    problem: `p${p}`,
    text: `p${p}`,
    messages: [{ role: "user", content: `p${p}` }],
  }))

const sampling: SamplingSettings = {
  temperature: 1,
  topP: 1,
  topK: undefined,
  maxTokens: 9,
  stop: [],
  seed: 7,
}

/** Longer than an honest answer takes on a busy machine, and short enough to wait for. */
const timeout = 1.5

const settingsFor = (url: string, more: Partial<EndpointSettings> = {}): EndpointSettings => ({
  ...defaults,
  url,
  model: "m",
  timeout,
  patience: { retries: 20, first: 0.001, longest: 0.01, longestRetryAfter: 5 },
  ...more,
})

/** All responses to some prompts, or the error. */
const collect = (
  settings: EndpointSettings,
  asked: ReadonlyArray<Prompt>,
  indices: ReadonlyArray<number>,
  options = sampling,
  env: Record<string, string> = {},
): Promise<Exit.Exit<ReadonlyArray<Sample>, { readonly message: string }>> =>
  Effect.gen(function* () {
    const sampler = yield* Sampler
    const asks = asked.map((prompt) => ({ prompt, seed: options.seed, indices }))
    return yield* sampler.sample(asks, options).pipe(Stream.runCollect)
  }).pipe(
    Effect.provide(Endpoint.layer(settings)),
    Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env }))),
    Effect.runPromiseExit,
  )

const withServer = async <A>(options: Options, use: (server: FaultServer) => Promise<A>): Promise<A> => {
  const server = await startFaultServer(options)
  try {
    return await use(server)
  } finally {
    await server.close()
  }
}

const range = (count: number): ReadonlyArray<number> => Array.from({ length: count }, (_, i) => i)

const samplesOf = (exit: Awaited<ReturnType<typeof collect>>): ReadonlyArray<Sample> => {
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error(Cause.pretty(exit.cause))
}

const messageOf = (exit: Awaited<ReturnType<typeof collect>>): string => {
  if (Exit.isSuccess(exit)) throw new Error("expected a failure")
  const error = Cause.squash(exit.cause)
  return error instanceof Error ? error.message : String(error)
}

/** Law 1 of the endpoint. `given` are the serial numbers of the choices that left the server in complete answers. */
const nothingLostNothingTwice = (
  server: FaultServer,
  asked: ReadonlyArray<Prompt>,
  indices: ReadonlyArray<number>,
  samples: ReadonlyArray<Sample>,
): boolean => {
  const key = (problem: string, sample: number): string => `${problem}/${sample}`
  const wanted = asked.flatMap(({ problem }) => indices.map((index) => key(problem, index))).toSorted()
  const got = samples.map(({ problem, sample }) => key(problem, sample)).toSorted()
  const texts = samples.map(
    ({ text }) =>
      JSON.parse(text) as { readonly problem: string; readonly seed: number; readonly serial: number },
  )
  const given = server.log.flatMap((entry) => entry.given)
  const serials = texts.map(({ serial }) => serial).toSorted((a, b) => a - b)
  return (
    wanted.join() === got.join() &&
    given.toSorted((a, b) => a - b).join() === serials.join() &&
    samples.every(({ problem, sample }, i) => {
      const text = texts[i]
      const offset = requestSeed(sampling.seed, problem, sample) - (text?.seed ?? 0)
      return text?.problem === problem && offset >= 0 && offset < 8
    })
  )
}

test.each(faults)("one fault: %s", async (fault) => {
  await withServer({ script: [fault, fault] }, async (server) => {
    const asked = prompts(2)
    const samples = samplesOf(await collect(settingsFor(server.url, { choices: 4 }), asked, range(4)))
    expect(nothingLostNothingTwice(server, asked, range(4), samples)).toBe(true)
    expect(server.log.filter((entry) => entry.fault === fault)).toHaveLength(2)
    expect(server.log.length).toBeLessThanOrEqual(6)
  })
})

test.each([
  // Each of the three requests that start at once may meet the refusal; then all know.
  ["rejected", 3, 12],
  ["ignored", 0, 12],
  ["given", 0, 3],
] as const)("a server where several choices are %s", async (several, rejections, answers) => {
  await withServer({ script: [], several }, async (server) => {
    const asked = prompts(3)
    const samples = samplesOf(await collect(settingsFor(server.url, { choices: 4 }), asked, range(4)))
    expect(nothingLostNothingTwice(server, asked, range(4), samples)).toBe(true)
    const count = (fault: string): number => server.log.filter((entry) => entry.fault === fault).length
    expect(count("n rejected")).toBeLessThanOrEqual(rejections)
    expect(count("answered")).toBe(answers)
  })
})

test("any script that answers at last: nothing lost, nothing twice, never too many at once", async () => {
  const counts = new Map<string, number>()
  let requests = 0
  let given = 0
  // A slow answer costs its timeout: one in a tenth of the scripts.
  const quick = fc.constantFrom<ScriptedFault>(...faults.filter((fault) => fault !== "slow"))
  const script = fc
    .tuple(fc.array(quick, { maxLength: 18 }), fc.noBias(fc.nat(99)))
    .map(([list, at]) => (at < 10 ? list.toSpliced(at, 0, "slow" as const) : list))
  await fc.assert(
    fc.asyncProperty(
      script,
      fc.constantFrom("given", "rejected", "ignored"),
      fc.constantFrom("chat", "completions"),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 6 }),
      fc.uniqueArray(fc.nat(12), { minLength: 1, maxLength: 10 }),
      async (faultList, several, api, choices, inFlight, indices) =>
        withServer({ script: faultList, several }, async (server) => {
          const asked = prompts(3)
          const settings = settingsFor(server.url, { api, choices, inFlight })
          const samples = samplesOf(await collect(settings, asked, indices))
          for (const { fault } of server.log) counts.set(fault, (counts.get(fault) ?? 0) + 1)
          requests += server.log.length
          given += samples.length
          return nothingLostNothingTwice(server, asked, indices, samples) && server.mostAtOnce() <= inFlight
        }),
    ),
    { numRuns: 50 },
  )
  const table = [...counts].map(([fault, count]) => `${fault} ${count}`).join(", ")
  console.info(`fault run: ${requests} requests gave ${given} samples, none lost, none twice: ${table}`)
  expect(requests).toBeGreaterThan(given / 8)
}, 180_000)

test("the key goes into the header and nowhere else, even when the server repeats it", async () => {
  const key = "sk-secret-0123456789"
  const keyed = (url: string, indices: ReadonlyArray<number>): ReturnType<typeof collect> =>
    collect(settingsFor(url, { apiKeyEnv: "RAPO_TEST_KEY" }), prompts(1), indices, sampling, {
      RAPO_TEST_KEY: key,
    })
  const written: Array<string> = []
  const spies = (["log", "info", "warn", "error", "debug"] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((...parts) => void written.push(parts.join(" "))),
  )
  const refused = await withServer({ script: [], always: 401 }, async (server) => {
    const exit = await keyed(server.url, [0])
    expect([...server.keys]).toEqual([`Bearer ${key}`])
    expect(server.log).toHaveLength(1)
    written.push(JSON.stringify(exit), String(exit), Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "")
    return messageOf(exit)
  })
  expect(refused).toContain("status 401: no, with Bearer ***")
  expect(refused).toContain("/v1/chat/completions")
  expect(refused).toContain("--api-key-env")
  await withServer({ script: ["500"] }, async (server) => {
    written.push(JSON.stringify(samplesOf(await keyed(server.url, range(3)))))
  })
  for (const spy of spies) spy.mockRestore()
  expect(written.length).toBeGreaterThan(3)
  expect(written.join("\n")).not.toContain(key)
})

test.each([
  ["", "is not set"],
  ["two words", "holds characters"],
])("a key variable of %j is refused before any request", async (value, problem) => {
  const settings = settingsFor("http://127.0.0.1:9", { apiKeyEnv: "RAPO_TEST_KEY" })
  const message = messageOf(await collect(settings, prompts(1), [0], sampling, { RAPO_TEST_KEY: value }))
  expect(message).toContain(`environment variable RAPO_TEST_KEY: ${problem}`)
  if (value !== "") expect(message).not.toContain(value)
})

test("without a key no header is sent", async () => {
  await withServer({ script: [] }, async (server) => {
    samplesOf(await collect(settingsFor(server.url), prompts(1), [0]))
    expect([...server.keys]).toEqual([undefined])
  })
})

test("a server that never recovers is given up after the retries, with its message", async () => {
  const patience = { retries: 3, first: 0.001, longest: 0.01, longestRetryAfter: 5 }
  await withServer({ script: [], always: 500 }, async (server) => {
    const message = messageOf(await collect(settingsFor(server.url, { patience }), prompts(1), [0]))
    expect(server.log).toHaveLength(4)
    expect(message).toContain(`${server.url}/v1/chat/completions: answered with status 500: no, with`)
    expect(message).toContain("given up after 4 tries")
  })
})

test("a refusal that will not pass is not tried again", async () => {
  for (const [status, tries] of [
    [404, 1],
    [413, 1],
    // Once as it is, once without logprobs, once without top_p.
    [400, 3],
  ] as const)
    await withServer({ script: [], always: status }, async (server) => {
      const message = messageOf(await collect(settingsFor(server.url), prompts(1), [0]))
      expect(message).toContain(`status ${status}`)
      expect(message).not.toContain("given up")
      expect(server.log).toHaveLength(tries)
    })
})

test("where nobody listens, the first request says so", async () => {
  const { url, close } = await startFaultServer({ script: [] })
  await close()
  const message = messageOf(await collect(settingsFor(url), prompts(1), [0]))
  expect(message).toContain(`${url}/v1/chat/completions: cannot be reached (ECONNREFUSED)`)
  expect(message).toContain("--endpoint")
})

test("an address with a password is refused, and the password not shown", async () => {
  const message = messageOf(await collect(settingsFor("http://me:hunter2@127.0.0.1:9/v1"), prompts(1), [0]))
  expect(message).toContain("http://***@127.0.0.1:9/v1: contains a user or password")
  expect(message).not.toContain("hunter2")
})

test("what stops a response is no part of it", async () => {
  await withServer({ script: [] }, async (server) => {
    const [sample] = samplesOf(
      await collect(settingsFor(server.url, { api: "completions" }), prompts(1), [0], {
        ...sampling,
        stop: ['"serial"', '"seed"'],
      }),
    )
    expect(sample).toEqual({
      ask: 0,
      problem: "p0",
      sample: 0,
      text: '{"problem":"p0",',
      finish: "stop",
      promptTokens: 3,
      tokens: 5,
      logProb: undefined,
    })
  })
})
