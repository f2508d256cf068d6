/**
 * The body of a request, in OpenAI's API.
 *
 *     OpenAI's own     model, messages or prompt, max_tokens, temperature, top_p, stop, seed, n, logprobs
 *     extensions       top_k, min_p: of vLLM, SGLang and llama.cpp; sent only when they are given
 *
 * Seeds: the request for the responses i, i+1, … carries the seed `s + i`, where s is derived from the run's seed and the
 * problem. No two requests about a problem share a seed. Servers that give the j-th of n choices the seed plus j, as vLLM does,
 * thereby draw the same response i however the indices are portioned.
 */
import { Seed } from "@rapo/distributions"
import type { Prompt, SamplingSettings } from "../evaluate/Sampler.ts"
import { endsOf } from "../evaluate/templates.ts"
import type { EndpointSettings } from "./Settings.ts"

// model

/** Fields that a request may go without, where a server does not take them. */
export type Optional = "n" | "logprobs" | "top_p" | "stop"

/** What a server was found not to take. */
export type Lacks = ReadonlySet<Optional>

// constructors

/** The body that asks for `count` responses, the first of which has the index `first`. */
export const requestBody = (
  { api, model, extra, logprobs }: EndpointSettings,
  prompt: Prompt,
  { first, count }: { readonly first: number; readonly count: number },
  sampling: SamplingSettings,
  lacks: Lacks,
): Readonly<Record<string, unknown>> => ({
  model,
  ...(api === "chat" ? { messages: prompt.messages } : { prompt: prompt.text }),
  max_tokens: sampling.maxTokens,
  temperature: sampling.temperature,
  // Said even where it is 1: servers may otherwise take what the model's own generation_config.json says.
  ...(lacks.has("top_p") && sampling.topP === 1 ? {} : { top_p: sampling.topP }),
  ...(sampling.topK === undefined ? {} : { top_k: sampling.topK }),
  ...(sampling.minP === undefined ? {} : { min_p: sampling.minP }),
  ...stops([...sampling.stop, ...(lacks.has("stop") ? [] : endsAsked(api, prompt))]),
  seed: requestSeed(sampling.seed, prompt.problem, first),
  ...(count > 1 && !lacks.has("n") ? { n: count } : {}),
  ...(logprobs && !lacks.has("logprobs") ? { logprobs: api === "chat" ? true : 1 } : {}),
  stream: false,
  ...extra,
})

/**
 * Texts that end a turn in the prompt's form. A server that gets our text does not know that it has turns, and a base model's own files
 * name the end of a text only; where it renders messages, it ends them itself.
 */
export const endsAsked = (api: EndpointSettings["api"], { form }: Prompt): ReadonlyArray<string> =>
  api === "completions" && form?._tag === "Template" ? endsOf(form.template) : []

const stops = (stop: ReadonlyArray<string>): { readonly stop?: ReadonlyArray<string> } =>
  stop.length === 0 ? {} : { stop: [...new Set(stop)] }

/** In [0, 2³¹), which every server takes, for indices below 2³⁰. */
export const requestSeed = (seed: number, problem: string, index: number): number =>
  Seed.generator(Seed.child(Seed.child(Seed.fromInteger(seed), "endpoint"), problem)).integer(0, half - 1) +
  index

const half = 2 ** 30

// combinators

/** How many responses to ask for in one request; greedy ones are asked for singly, because servers refuse several. */
export const portion = (
  { choices }: EndpointSettings,
  { temperature }: SamplingSettings,
  lacks: Lacks,
): number => (lacks.has("n") || temperature === 0 ? 1 : choices)

/**
 * What to leave out after a refusal; undefined when nothing is left to leave out. The field that the server's message names goes
 * first; without a hint several choices, then log-probabilities, then top_p = 1, then stops, if all are the form's: what a user asks for
 * is never left out.
 */
export const concession = (
  body: Readonly<Record<string, unknown>>,
  extra: EndpointSettings["extra"],
  message: string,
  { stop }: Pick<SamplingSettings, "stop">,
): Optional | undefined => {
  const isOurs: Readonly<Record<Optional, boolean>> = {
    n: true,
    logprobs: true,
    top_p: body["top_p"] === 1,
    stop: stop.length === 0,
  }
  const open = optionals.filter((field) => field in body && !(field in extra) && isOurs[field])
  return open.find((field) => names[field].test(message)) ?? open[0]
}

const optionals: ReadonlyArray<Optional> = ["n", "logprobs", "top_p", "stop"]

const names: Readonly<Record<Optional, RegExp>> = {
  n: /\bn\b|\bbest_of\b/i,
  logprobs: /log[ _-]?prob/i,
  top_p: /\btop_p\b/i,
  stop: /\bstop\b/i,
}
