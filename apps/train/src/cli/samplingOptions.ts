/**
 * Flags of the commands that sample: who answers, and how responses are drawn.
 */
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { ModelRequest } from "../evaluate/models.ts"
import type { SamplingRequest } from "../evaluate/runEvaluation.ts"
import { optionalCount } from "./options.ts"

const number = (low: number, high: number, message: string) =>
  Schema.Finite.pipe(Schema.check(Schema.isBetween({ minimum: low, maximum: high }, { message })))

// who answers

/** Flags that name the models. */
export const modelFlags = {
  models: Flag.String("model").pipe(
    Flag.withDescription("A checkpoint folder in Hugging Face's layout (may be repeated)"),
    Flag.atLeast(0),
  ),
  adapters: Flag.String("adapter").pipe(
    Flag.withDescription(
      "The folder of a LoRA adapter, in PEFT's layout, for the one --model (may be repeated: each is a model)",
    ),
    Flag.atLeast(0),
  ),
  endpoint: Flag.String("endpoint").pipe(
    Flag.withDescription("The address of a server that speaks OpenAI's API, such as http://127.0.0.1:8000"),
    Flag.optional,
  ),
  served: Flag.String("served-model").pipe(
    Flag.withDescription("The model's name on the server (may be repeated)"),
    Flag.atLeast(0),
  ),
  api: Flag.Literals("api", ["chat", "completions"]).pipe(
    Flag.withDescription(
      "chat: the server renders the messages; completions: it gets our text as it is (default: chat)",
    ),
    Flag.withDefault("chat" as const),
  ),
  apiKeyEnv: Flag.String("api-key-env").pipe(
    Flag.withDescription("The environment variable that holds the server's key (default: OPENAI_API_KEY)"),
    Flag.optional,
  ),
  inFlight: optionalCount("concurrency", "Most requests to the server under way at once (default: 32)"),
  choices: optionalCount("choices", "Most responses asked for in one request (default: 8)"),
  timeout: optionalCount("timeout", "Longest wait for one answer of the server, in seconds (default: 1800)"),
  retries: Flag.Int("retries").pipe(
    Flag.withSchema(
      Schema.Int.pipe(
        Schema.check(Schema.isGreaterThanOrEqualTo(0, { message: "--retries must be at least 0" })),
      ),
    ),
    Flag.withDescription("How often a request is sent again before it is given up (default: 8)"),
    Flag.optional,
  ),
}

/** What the flags of `modelFlags` say. */
export interface ModelChoice {
  readonly models: ReadonlyArray<string>
  readonly adapters: ReadonlyArray<string>
  readonly endpoint: Option.Option<string>
  readonly served: ReadonlyArray<string>
  readonly api: "chat" | "completions"
  readonly apiKeyEnv: Option.Option<string>
  readonly inFlight: number | undefined
  readonly choices: number | undefined
  readonly timeout: number | undefined
  readonly retries: Option.Option<number>
}

/** A combination of flags that names no model, or half a one. */
export interface InvalidChoice {
  readonly path: string
  readonly problem: string
  readonly remedy: string
}

/** Checkpoints first, then served models, each in the order that they were named. */
export const chosenModels = async (
  choice: ModelChoice,
): Promise<ReadonlyArray<ModelRequest> | InvalidChoice> => {
  const { defaults } = await import("../endpoint/Settings.ts")
  const url = Option.getOrUndefined(choice.endpoint)
  if (url === undefined && choice.served.length > 0)
    return {
      path: "--served-model",
      problem: "names a model on a server, but no server is named",
      remedy: "Add --endpoint, with the server's address.",
    }
  if (url !== undefined && choice.served.length === 0)
    return {
      path: "--endpoint",
      problem: "names a server, but no model on it",
      remedy: "Add --served-model; the server lists its models under /v1/models.",
    }
  const [first, ...others] = choice.models
  if (choice.adapters.length > 0 && (first === undefined || others.length > 0))
    return {
      path: "--adapter",
      problem: `names an adapter, but ${choice.models.length} models that it could be for`,
      remedy: "Name its base model, with one --model; `rapo eval` compares it with that of --base-model.",
    }
  const checkpoints: ReadonlyArray<ModelRequest> =
    choice.adapters.length > 0 && first !== undefined
      ? choice.adapters.map((adapter) => ({ _tag: "Checkpoint", folder: first, adapter }))
      : choice.models.map((folder) => ({ _tag: "Checkpoint", folder }))
  const served = choice.served.map((model): ModelRequest => ({
    _tag: "Endpoint",
    settings: {
      ...defaults,
      url: url ?? "",
      model,
      api: choice.api,
      apiKeyEnv: Option.getOrUndefined(choice.apiKeyEnv),
      inFlight: choice.inFlight ?? defaults.inFlight,
      choices: choice.choices ?? defaults.choices,
      timeout: choice.timeout ?? defaults.timeout,
      patience: {
        ...defaults.patience,
        retries: Option.getOrElse(choice.retries, () => defaults.patience.retries),
      },
    },
  }))
  const models = [...checkpoints, ...served]
  return models.length > 0
    ? models
    : {
        path: "--model",
        problem: "no model is named",
        remedy: "Name a checkpoint folder, with --model, or a server, with --endpoint and --served-model.",
      }
}

// how responses are drawn

/** How a problem is put to a model; `standard` says what holds without the flag. */
export const template = (standard: string): Flag.Flag<string | undefined> =>
  Flag.String("template").pipe(
    Flag.withDescription(
      "How a problem is put: chat (the model's own chat template), qwen-boxed, plain, r1, or a text file with {problem} in it " +
        `(default: ${standard})`,
    ),
    Flag.optional,
    Flag.map(Option.getOrUndefined),
  )

/** Flags of sampling. */
export const samplingFlags = {
  greedy: Flag.Boolean("greedy").pipe(
    Flag.withDescription("Always the most probable token, as --temperature 0"),
    Flag.withDefault(false),
  ),
  temperature: Flag.Finite("temperature").pipe(
    Flag.withSchema(number(0, Number.MAX_VALUE, "--temperature must be at least 0")),
    Flag.withDescription("1: the model's own distribution; 0: always the most probable token (default: 1)"),
    Flag.withDefault(1),
  ),
  topP: Flag.Finite("top-p").pipe(
    Flag.withSchema(number(Number.MIN_VALUE, 1, "--top-p must be above 0 and at most 1")),
    Flag.withDescription(
      "Only the most probable tokens that make up this share (SimpleRL-Zoo: 0.95; default: 1)",
    ),
    Flag.withDefault(1),
  ),
  topK: optionalCount("top-k", "Only so many of the most probable tokens"),
  minP: Flag.Finite("min-p").pipe(
    Flag.withSchema(number(0, 1, "--min-p must be from 0 to 1")),
    Flag.withDescription("Only tokens with at least this share of the most probable one's probability"),
    Flag.optional,
    Flag.map(Option.getOrUndefined),
  ),
  maxTokens: optionalCount(
    "max-tokens",
    "Longest response (default: 16000, or what the task needs; never above the model's own bound)",
  ),
  stop: Flag.String("stop").pipe(
    Flag.withDescription(
      "A response ends before this text, or control token such as <|im_end|> (may be repeated)",
    ),
    Flag.atLeast(0),
  ),
}

/** What the flags of `samplingFlags` say of the choice of tokens. */
export interface TokenChoice extends SamplingRequest {
  readonly greedy: boolean
}

/** The same as settings; `greedy` is a temperature. */
export const tokenChoice = ({ greedy, temperature, topP, topK, minP, maxTokens, stop }: TokenChoice) => ({
  temperature: greedy ? 0 : temperature,
  topP,
  topK,
  minP,
  maxTokens,
  stop,
})

/** Distinct whole numbers, separated by commas. */
export const integers = (text: string): ReadonlyArray<number> | undefined => {
  const parts = text.split(",").map((part) => part.trim())
  const numbers = parts.map(Number)
  const isFine =
    parts.every((part) => /^-?\d+$/.test(part)) &&
    numbers.every(Number.isSafeInteger) &&
    new Set(numbers).size === numbers.length
  return isFine ? numbers : undefined
}
