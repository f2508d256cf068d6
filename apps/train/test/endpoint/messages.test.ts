/** What is sent to a server and read from it, without one. */
import * as fc from "fast-check"
import { type Either, isLeft, isRight, right } from "fp-ts/lib/Either.js"
import { describe, expect, test } from "vitest"
import { readAnswer, readMessage } from "../../src/endpoint/Answer.ts"
import { type Optional, concession, portion, requestBody, requestSeed } from "../../src/endpoint/Request.ts"
import { type Api, type EndpointSettings, defaults, requestAddress } from "../../src/endpoint/Settings.ts"
import type { Prompt, SamplingSettings } from "../../src/evaluate/Sampler.ts"
import { type Template, templates } from "../../src/evaluate/templates.ts"

const apis: ReadonlyArray<Api> = ["chat", "completions"]
const settings: EndpointSettings = { ...defaults, url: "http://h", model: "m" }
const prompt = { problem: "p", text: "text", messages: [{ role: "user" as const, content: "content" }] }
const sampling: SamplingSettings = {
  temperature: 0.6,
  topP: 0.95,
  topK: 20,
  maxTokens: 9,
  stop: ["</s>"],
  seed: 7,
}
const valueOf = <A>(either: Either<{ readonly problem: string }, A>): A => {
  if (isLeft(either)) throw new Error(either.left.problem)
  return either.right
}

describe("addresses", () => {
  test.each([
    ["http://h:8000", "http://h:8000/v1/completions"],
    ["http://h:8000/", "http://h:8000/v1/completions"],
    ["http://h:8000/v1", "http://h:8000/v1/completions"],
    ["https://h/team/v1//", "https://h/team/v1/completions"],
    ["http://h/v1/chat/completions", "http://h/v1/completions"],
    ["http://h/v1/completions", "http://h/v1/completions"],
  ])("%s is asked at %s", (url, address) => {
    expect(requestAddress(url, "completions")).toEqual(right(address))
    // An address that was found leads to itself.
    expect(requestAddress(address, "completions")).toEqual(right(address))
  })

  test.each(["", "localhost:8000", "ftp://h", "http://u:p@h", "http://h/v1?key=1", "http://h/#x"])(
    "%j is refused with a remedy",
    (url) => {
      const refused = requestAddress(url, "chat")
      expect(isLeft(refused) && refused.left.remedy.length > 0 && refused.left.problem.length > 0).toBe(true)
    },
  )
})

describe("bodies", () => {
  test("every setting is said, in the words of each API", () => {
    const body = (api: Api): unknown =>
      requestBody(
        { ...settings, api, extra: { min_p: 0 } },
        prompt,
        { first: 2, count: 3 },
        sampling,
        new Set(),
      )
    const common = {
      model: "m",
      max_tokens: 9,
      temperature: 0.6,
      top_p: 0.95,
      top_k: 20,
      stop: ["</s>"],
      seed: requestSeed(7, "p", 2),
      n: 3,
      stream: false,
      min_p: 0,
    }
    expect(body("chat")).toEqual({ ...common, messages: prompt.messages, logprobs: true })
    expect(body("completions")).toEqual({ ...common, prompt: "text", logprobs: 1 })
  })

  test("nothing optional is sent that the server lacks or nobody asked for", () => {
    const plain = { ...sampling, topP: 1, topK: undefined, stop: [] }
    const lacks = new Set<Optional>(["n", "logprobs", "top_p"])
    const body = requestBody(settings, prompt, { first: 0, count: 3 }, plain, lacks)
    expect(Object.keys(body).toSorted()).toEqual([
      "max_tokens",
      "messages",
      "model",
      "seed",
      "stream",
      "temperature",
    ])
    // A restriction that was asked for is never dropped in silence.
    expect(requestBody(settings, prompt, { first: 0, count: 3 }, sampling, lacks)).toHaveProperty(
      "top_p",
      0.95,
    )
  })

  test("seeds differ between the samples of a problem, follow each other, and are 31 bits long", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.string(), fc.nat(2 ** 30 - 1), (seed, problem, index) => {
        const first = requestSeed(seed, problem, 0)
        const own = requestSeed(seed, problem, index)
        return own - first === index && first >= 0 && own < 2 ** 31 && Number.isInteger(own)
      }),
    )
  })

  test("seeds of problems and of runs differ", () => {
    const seeds = [0, 1, 2, 3].flatMap((seed) => ["a", "b", "ab", "0"].map((id) => requestSeed(seed, id, 0)))
    expect(new Set(seeds).size).toBe(16)
  })

  const boxed = templates.find(({ name }) => name === "qwen-boxed") as Template
  const inForm = { ...prompt, form: { _tag: "Template", template: boxed } } satisfies Prompt

  test("text in a form with turns ends where the form's turns do, beside the user's own stops; messages end by themselves", () => {
    const stopOf = (api: Api, stop: ReadonlyArray<string>, asked: Prompt = inForm): unknown =>
      requestBody({ ...settings, api }, asked, { first: 0, count: 1 }, { ...sampling, stop }, new Set())[
        "stop"
      ]
    expect(stopOf("completions", ["</s>"])).toEqual(["</s>", "<|im_end|>"])
    expect(stopOf("completions", [])).toEqual(["<|im_end|>"])
    expect(stopOf("completions", ["</s>"], prompt)).toEqual(["</s>"])
    expect(stopOf("completions", [], prompt)).toBeUndefined()
    expect(stopOf("chat", [])).toBeUndefined()
  })

  test.each([
    ["the user's", ["</s>"], ["logprobs", "n", "top_p"]],
    ["the form's alone", [], ["logprobs", "n", "top_p", "stop"]],
  ] as const)(
    "concessions are finite, and end with what cannot be left out: stops are %s",
    (_, stop, all) => {
      const asked = { ...sampling, topP: 1, stop }
      const lacks = new Set<Optional>()
      const told: Array<Optional> = []
      for (;;) {
        const body = requestBody(
          { ...settings, api: "completions" },
          inForm,
          { first: 0, count: 3 },
          asked,
          lacks,
        )
        const field = concession(body, {}, told.length === 0 ? "logprobs is not supported" : "no", asked)
        if (field === undefined) break
        lacks.add(field)
        told.push(field)
      }
      expect(told).toEqual(all)
      expect(concession({ n: 3 }, { n: 3 }, "", asked)).toBeUndefined()
    },
  )

  test("greedy responses are asked for singly", () => {
    expect(portion(settings, { ...sampling, temperature: 0 }, new Set())).toBe(1)
    expect(portion(settings, sampling, new Set())).toBe(defaults.choices)
    expect(portion(settings, sampling, new Set<Optional>(["n"]))).toBe(1)
  })
})

describe("answers", () => {
  const chat = (...choices: ReadonlyArray<object>): string =>
    JSON.stringify({ choices, usage: { prompt_tokens: 11, completion_tokens: 4 } })

  test("of chat: text, end, tokens and log-probability", () => {
    const answer = chat({
      message: { content: "42" },
      finish_reason: "length",
      logprobs: {
        content: [
          { token: "4", logprob: -0.5 },
          { token: "2", logprob: -0.25 },
        ],
      },
    })
    expect(readAnswer("chat", answer)).toEqual(
      right({ promptTokens: 11, choices: [{ text: "42", finish: "length", tokens: 4, logProb: -0.75 }] }),
    )
  })

  test("of completions, several: each has the tokens of its own log-probabilities", () => {
    const choice = { text: "4", finish_reason: "stop", logprobs: { token_logprobs: [-1, -2] } }
    expect(readAnswer("completions", chat(choice, { text: "", finish_reason: "eos_token" }))).toEqual(
      right({
        promptTokens: 11,
        choices: [
          { text: "4", finish: "stop", tokens: 2, logProb: -3 },
          { text: "", finish: "stop", tokens: undefined, logProb: undefined },
        ],
      }),
    )
  })

  test("reasoning that a server takes out is put back", () => {
    const texts = [
      { reasoning_content: "a", content: "b" },
      { reasoning: "a", content: null },
      { reasoning_content: null, content: "b" },
    ].map((message) => valueOf(readAnswer("chat", chat({ message, finish_reason: "stop" }))).choices[0]?.text)
    expect(texts).toEqual(["<think>a</think>b", "<think>a", "b"])
  })

  test("whole choices among broken ones are kept", () => {
    const answer = chat(
      { message: {}, finish_reason: "stop" },
      { message: { content: "x" }, finish_reason: "stop" },
      { message: { content: "y" }, finish_reason: null },
    )
    expect(valueOf(readAnswer("chat", answer)).choices.map(({ text }) => text)).toEqual(["x"])
  })

  test("log-probabilities of a shape that is not known are no reason to lose a response", () => {
    const answer = chat({ message: { content: "x" }, finish_reason: "stop", logprobs: { content: [null] } })
    expect(valueOf(readAnswer("chat", answer)).choices[0]?.logProb).toBeUndefined()
  })

  test("any text and any JSON is read or refused with a reason, without an exception", () => {
    const json = fc.jsonValue().map((value) => JSON.stringify(value))
    const almost = fc
      .record({ choices: fc.array(fc.jsonValue()), usage: fc.jsonValue() }, { requiredKeys: ["choices"] })
      .map((value) => JSON.stringify(value))
    fc.assert(
      fc.property(fc.constantFrom(...apis), fc.oneof(fc.string(), json, almost), (api, body) => {
        const answer = readAnswer(api, body)
        const message = readMessage(body)
        return (
          message.length <= 301 &&
          !message.includes("\n") &&
          (isRight(answer) ? answer.right.choices.length > 0 : answer.left.problem.length > 0)
        )
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    [`{"error": {"message": "a\\n b", "type": "t"}}`, "a b"],
    [`{"error": "a"}`, "a"],
    [`{"object": "error", "message": "a"}`, "a"],
    [`{"detail": [{"msg": "a"}]}`, `[{"msg":"a"}]`],
    [`{"detail": "a"}`, "a"],
    ["<html>a</html>", "<html>a</html>"],
    [`{"other": 1}`, `{"other": 1}`],
    ["", ""],
  ])("the message of %s", (body, message) => {
    expect(readMessage(body)).toBe(message)
  })
})
