/**
 * `rapo sample`: a model's responses to prompts, as JSON lines.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as options from "./options.ts"
import { chosenModels, countFlag, modelFlags, samplingFlags } from "./samplingOptions.ts"

/** See the module header. */
export const sample = Command.make(
  "sample",
  {
    ...modelFlags,
    prompt: Flag.String("prompt").pipe(Flag.withDescription("A prompt (may be repeated)"), Flag.atLeast(0)),
    prompts: Flag.String("prompts").pipe(
      Flag.withDescription("A file of prompts: JSONL or JSON, strings or records with a problem"),
      Flag.optional,
    ),
    fields: Flag.String("fields").pipe(
      Flag.withDescription("What the records call them: id=…,problem=…"),
      Flag.withDefault(""),
    ),
    template: Flag.String("template").pipe(
      Flag.withDescription("plain, qwen-boxed, r1, or a text file with {problem} in it"),
      Flag.withDefault("plain"),
    ),
    n: countFlag("n").pipe(Flag.withDescription("Responses to each prompt"), Flag.withDefault(1)),
    greedy: Flag.Boolean("greedy").pipe(
      Flag.withDescription("Always the most probable token, as --temperature 0"),
      Flag.withDefault(false),
    ),
    ...samplingFlags,
    seed: Flag.Int("seed").pipe(Flag.withDescription("Seed of sampling"), Flag.withDefault(1)),
    workers: options.workers,
    engine: options.engine,
  },
  Effect.fn(function* (flags) {
    const { ConfigError } = yield* Effect.promise(() => import("../errors.ts"))
    const { drawSamples } = yield* Effect.promise(() => import("../evaluate/drawSamples.ts"))
    const { samplerOf, modelNames } = yield* Effect.promise(() => import("../evaluate/models.ts"))
    const chosen = yield* Effect.promise(() => chosenModels(flags))
    if ("problem" in chosen) return yield* new ConfigError({ field: "", ...chosen })
    const [model] = chosen
    if (model === undefined || chosen.length > 1)
      return yield* new ConfigError({
        path: "rapo sample",
        field: "",
        problem: `${chosen.length} models are named`,
        remedy: "Name one; `rapo eval` compares several.",
      })
    yield* drawSamples({
      prompts: flags.prompt,
      file: Option.getOrUndefined(flags.prompts),
      fields: flags.fields,
      template: flags.template,
      n: flags.n,
      settings: {
        temperature: flags.greedy ? 0 : flags.temperature,
        topP: flags.topP,
        topK: Option.getOrUndefined(flags.topK),
        maxTokens: Option.getOrElse(flags.maxTokens, () => 16_000),
        stop: flags.stop,
        seed: flags.seed,
      },
    }).pipe(
      Stream.runForEach((each) => Console.log(JSON.stringify(each))),
      Effect.provide(samplerOf(model, modelNames(chosen)[0] ?? "", flags)),
    )
  }),
).pipe(
  Command.withDescription(
    "Print a model's responses as JSON lines, prompt by prompt: " +
      '{"problem", "sample", "text", "finish", "promptTokens", "tokens", "logProb"}. The log-probability is the sum over the ' +
      "response's tokens, in nats, under the model's own distribution.",
  ),
  Command.withShortDescription("Print a model's responses to prompts"),
  Command.withExamples([
    {
      command: "rapo sample --model apps/train/checkpoints/countdown-base --prompt '8,5,2=21=' --n 4",
      description: "Four answers to a problem of Countdown",
    },
    {
      command: "rapo sample --model Qwen2.5-0.5B --prompts problems.jsonl --template qwen-boxed --greedy",
      description: "The most probable answers to a file of problems",
    },
  ]),
)
