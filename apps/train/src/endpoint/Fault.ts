/**
 * What can go wrong with one request, as data: whether to try again, and how to tell its user.
 */
import type { SamplerError } from "../evaluate/Sampler.ts"

// model

/** Why a request has no usable answer. */
export type Fault = Unreachable | Dropped | TooSlow | Refused | Unusable

/** No connection could be made. */
interface Unreachable {
  readonly _tag: "Unreachable"
  readonly problem: string
}

/** The connection broke before the answer was complete. */
interface Dropped {
  readonly _tag: "Dropped"
  readonly problem: string
}

/** No complete answer within the time allowed, in seconds. */
interface TooSlow {
  readonly _tag: "TooSlow"
  readonly seconds: number
}

/** An answer with a status other than 2xx. */
export interface Refused {
  readonly _tag: "Refused"
  readonly status: number
  /** The server's message, or the beginning of what it sent. */
  readonly message: string
  /** How long the server asks to be left alone, in seconds. */
  readonly retryAfter: number | undefined
}

/** An answer with a status of 2xx that holds no response. */
export interface Unusable {
  readonly _tag: "Unusable"
  readonly problem: string
}

// refinements

/** Whether the same request may succeed later. */
export const isTransient = (fault: Fault): boolean =>
  fault._tag !== "Refused" || fault.status >= 500 || transientStatuses.has(fault.status)

/** Whether the server asks for fewer requests. */
export const isOverload = (fault: Fault): fault is Refused =>
  fault._tag === "Refused" && (fault.status >= 500 || fault.status === 429)

/** Whether a field of the request was refused, perhaps one that it can go without. */
export const isRejection = (fault: Fault): fault is Refused =>
  fault._tag === "Refused" && (fault.status === 400 || fault.status === 422)

/** 408 Request Timeout, 425 Too Early, 429 Too Many Requests. */
const transientStatuses: ReadonlySet<number> = new Set([408, 425, 429])

// destructors

/** The fault in words. */
export const showFault = (fault: Fault): string => {
  switch (fault._tag) {
    case "Unreachable":
      return `cannot be reached (${fault.problem})`
    case "Dropped":
      return `broke the connection (${fault.problem})`
    case "TooSlow":
      return `gave no complete answer within ${fault.seconds} s`
    case "Refused":
      return `answered with status ${fault.status}${fault.message === "" ? "" : `: ${fault.message}`}`
    case "Unusable":
      return `gave an answer without a response: ${fault.problem}`
  }
}

/** What a user can do about it. */
export const remedyOf = (fault: Fault): string => {
  switch (fault._tag) {
    case "Unreachable":
      return "Start the server, or correct the address with --endpoint."
    case "Dropped":
    case "Unusable":
      return "Look at the server's log; start the same command again to go on where it stopped."
    case "TooSlow":
      return "Allow more time with --timeout, or ask for shorter responses with --max-tokens."
    case "Refused":
      return remedyOfStatus(fault.status)
  }
}

const remedyOfStatus = (status: number): string => {
  if (status === 401 || status === 403)
    return "Put a valid key into the environment variable OPENAI_API_KEY, or into the one named by --api-key-env."
  if (status === 404)
    return "Check --endpoint, --api, and that --served-model is a name that the server lists at /v1/models."
  if (status === 429)
    return "Ask for less at once with --concurrency; start the same command again to go on where it stopped."
  if (status >= 500)
    return "Look at the server's log; start the same command again to go on where it stopped."
  if (status >= 300 && status < 400) return "Give the address that it redirects to, with --endpoint."
  return "Check --served-model, --max-tokens and the sampling settings against what the server allows."
}

/** The error of a request that is given up after `tries`. */
export const givenUp = (
  fault: Fault,
  address: string,
  tries: number,
): ConstructorParameters<typeof SamplerError>[0] => ({
  path: address,
  field: "",
  problem: `${showFault(fault)}${tries === 1 ? "" : `; given up after ${tries} tries`}`,
  remedy: remedyOf(fault),
})
