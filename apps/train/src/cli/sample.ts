/**
 * `rapo sample`: a model's responses to prompts, as JSON lines.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { fields } from "./datasetFlags.ts"
import * as options from "./options.ts"
import { chosenModels, modelFlags, samplingFlags, template, tokenChoice } from "./samplingOptions.ts"

/** See the module header. */
export const sample = Command.make(
  "sample",
  {
    ...modelFlags,
    prompt: Flag.String("prompt").pipe(Flag.withDescription("A problem (may be repeated)"), Flag.atLeast(0)),
    prompts: Flag.String("prompts").pipe(
      Flag.withDescription("A file of problems: JSONL or JSON, strings or records with a problem"),
      Flag.optional,
    ),
    input: Flag.String("input").pipe(
      Flag.withDescription(
        'A file with {"id", "prompt"} or {"id", "ids"} a line, as the model is to read them (- for the standard input)',
      ),
      Flag.optional,
    ),
    fields: fields("id=…,problem=…"),
    n: options.countOr("n", "Responses to each prompt", 1),
    template: template("plain"),
    ...samplingFlags,
    batch: options.optionalCount(
      "batch",
      "Most responses under way on one worker, the next taking the place of one that ends (default: what memory allows)",
    ),
    ignoreEnd: Flag.Boolean("ignore-eos").pipe(
      Flag.withDescription("Go on behind the tokens that end a text, up to --max-tokens"),
      Flag.withDefault(false),
    ),
    details: Flag.Boolean("details").pipe(
      Flag.withDescription("Print each response's index, why it ended and its prompt's length, too"),
      Flag.withDefault(false),
    ),
    seed: Flag.Int("seed").pipe(Flag.withDescription("Seed of sampling (default: 1)"), Flag.withDefault(1)),
    workers: options.workers,
    engine: options.engine,
  },
  Effect.fn(function* (flags) {
    const { ConfigError } = yield* Effect.promise(() => import("../errors.ts"))
    const { sampleLines } = yield* Effect.promise(() => import("../sample/sampleLines.ts"))
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
    yield* sampleLines({
      model,
      prompts: flags.prompt,
      file: Option.getOrUndefined(flags.prompts),
      fields: flags.fields,
      template: flags.template ?? "plain",
      input: Option.getOrUndefined(flags.input),
      n: flags.n,
      settings: { ...tokenChoice(flags), maxTokens: flags.maxTokens ?? 16_000, seed: flags.seed },
      computing: flags,
      places: flags.batch,
      ignoreEnd: flags.ignoreEnd,
      details: flags.details,
    })
  }),
).pipe(
  Command.withDescription(
    'Print a model\'s responses as JSON lines, prompt by prompt: {"id", "ids", "text", "logprobs"}, n lines for each. The ' +
      "log-probabilities are those of the response's tokens under the model's own distribution, in nats. Without a tokenizer in " +
      "the model's folder the text is empty; a server tells no ids.\n\n" +
      "A prompt of --input is what the model reads, as it stands; a problem (--prompt, --prompts) goes through --template and is " +
      "words, whatever it says, and so are the messages of a conversation.\n\n" +
      "The same seed, the same responses, whatever the batch, the order and the workers.\n\n" +
      "A broken line is reported with its number and left out; the exit code is then 1.",
  ),
  Command.withShortDescription("Print a model's responses to prompts"),
  Command.withExamples([
    {
      command: "rapo sample --model apps/train/checkpoints/countdown-base --prompt '8,5,2=21=' --n 4",
      description: "Four answers to a problem of Countdown",
    },
    {
      command: "rapo sample --model Qwen2.5-0.5B --input prompts.jsonl --n 8 --max-tokens 512 --seed 1",
      description: 'Eight responses to each line {"id", "prompt"}',
    },
    {
      command: "rapo sample --model Qwen2.5-0.5B --prompts problems.jsonl --template qwen-boxed --greedy",
      description: "The most probable answers to a file of problems",
    },
  ]),
)
