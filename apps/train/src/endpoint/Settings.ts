/**
 * Which server is asked, and how patiently.
 *
 * The key is not among the settings: they hold the name of the environment variable that has it, so they may be printed and
 * stored.
 */
import * as Either from "fp-ts/lib/Either.js"

// model

/** See the module header. */
export interface EndpointSettings {
  /** The address as its user knows it: `http://127.0.0.1:8000`, with or without `/v1`. */
  readonly url: string
  /** The model's name on the server. */
  readonly model: string
  /** `chat` sends messages and lets the server apply its template; `completions` sends our rendered text as it is. */
  readonly api: Api
  /** The environment variable that holds the key; undefined takes OPENAI_API_KEY if it is set. */
  readonly apiKeyEnv: string | undefined
  /** Most requests under way at once. */
  readonly inFlight: number
  /** Most responses asked for in one request (`n`). */
  readonly choices: number
  /** Whether to ask for the tokens' log-probabilities; servers give the model's own, whatever the temperature (vLLM: raw_logprobs). */
  readonly logprobs: boolean
  /** Further fields of every request, such as vLLM's `{"top_k": -1}`. */
  readonly extra: Readonly<Record<string, unknown>>
  /** Longest wait for one answer, in seconds. */
  readonly timeout: number
  readonly patience: Patience
}

/** The two ways to ask in OpenAI's API. */
export type Api = "chat" | "completions"

/** How often and how long to try again, see `Backoff.ts`. */
export interface Patience {
  /** How often a request is sent again before it is given up. */
  readonly retries: number
  /** The wait before the first retry, in seconds; it doubles with each. */
  readonly first: number
  /** The longest wait between retries, in seconds. */
  readonly longest: number
  /** The longest Retry-After that is obeyed, in seconds; a server that wants more is given up. */
  readonly longestRetryAfter: number
}

/** Everything but the address and the model. */
export const defaults: Omit<EndpointSettings, "url" | "model"> = {
  api: "chat",
  apiKeyEnv: undefined,
  inFlight: 32,
  choices: 8,
  logprobs: true,
  extra: {},
  timeout: 1800,
  patience: { retries: 8, first: 0.5, longest: 60, longestRetryAfter: 600 },
}

/** The variable that is looked at when no other is named. */
export const defaultKeyVariable = "OPENAI_API_KEY"

/** An address that no request can be sent to. */
export interface InvalidAddress {
  readonly _tag: "InvalidAddress"
  readonly problem: string
  readonly remedy: string
}

// destructors

/**
 * The address of the requests: `/v1` is supplied where there is no path, and a path of the API itself is understood.
 *
 *     http://host:8000                       -> http://host:8000/v1/chat/completions
 *     http://host:8000/v1/                   -> http://host:8000/v1/chat/completions
 *     https://host/team/v1/chat/completions  -> https://host/team/v1/completions, for completions
 *
 * **Domain**  http or https, without user, password, query and fragment: the address is printed and stored, and those are
 * where secrets hide.
 */
export const requestAddress = (url: string, api: Api): Either.Either<InvalidAddress, string> => {
  const invalid = (problem: string, remedy: string): Either.Either<InvalidAddress, never> =>
    Either.left({ _tag: "InvalidAddress", problem, remedy })
  if (!URL.canParse(url)) return invalid("is not an address", exampleAddress)
  const parsed = new URL(url)
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:")
    return invalid(`has the scheme ${parsed.protocol}, not http: or https:`, exampleAddress)
  if (parsed.username !== "" || parsed.password !== "")
    return invalid(
      "contains a user or password, which would be stored with the run",
      "Put the key into an environment variable and name it with --api-key-env.",
    )
  if (parsed.search !== "" || parsed.hash !== "")
    return invalid("has a query or fragment", "Give the address up to /v1 and nothing behind it.")
  const base = parsed.pathname.replace(/\/+$/, "").replace(/\/(chat\/)?completions$/, "")
  return Either.right(`${parsed.origin}${base === "" ? "/v1" : base}/${paths[api]}`)
}

/** An address as it may be shown: a password in it is not. */
export const shownAddress = (url: string): string =>
  url.replace(/\/\/[^/?#]*@/, "//***@").replace(/[?#].*$/s, "")

const exampleAddress = "Give an address such as http://127.0.0.1:8000, with --endpoint."

const paths: Readonly<Record<Api, string>> = { chat: "chat/completions", completions: "completions" }
