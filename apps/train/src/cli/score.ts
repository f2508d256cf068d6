/**
 * `rapo score`: the log-probabilities that a model gives to tokens.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as options from "./options.ts"

/** See the module header. */
export const score = Command.make(
  "score",
  {
    model: options.model,
    adapter: options.adapter,
    input: options.lines('{"id", "ids"} or {"id", "prompt", "completion"}'),
    entropy: Flag.Boolean("entropy").pipe(
      Flag.withDescription("Print the entropies of the distributions that the tokens come from, too"),
      Flag.withDefault(false),
    ),
    workers: options.workers,
    engine: options.engine,
  },
  Effect.fn(function* (request) {
    const { scoreLines } = yield* Effect.promise(() => import("../score/scoreLines.ts"))
    const { Workers } = yield* Effect.promise(() => import("../workers/Workers.ts"))
    yield* scoreLines(request).pipe(Effect.provide(Workers.on(request)))
  }),
).pipe(
  Command.withDescription(
    'Print log-probabilities: {"id", "logprobs", "entropy"?} a line, in order; natural logarithms, temperature 1.\n\n' +
      'Of {"id", "ids"}: of every token after the first. Of {"id", "prompt", "completion"}: of the completion\'s tokens; the two ' +
      'are texts or lists of ids, and {"messages"} may stand for the prompt. Without a tokenizer in the model\'s folder, ids ' +
      "are needed.\n\n" +
      "A broken line is reported with its number and left out; the exit code is then 1.",
  ),
  Command.withShortDescription("Print the log-probabilities that a model gives to tokens"),
  Command.withExamples([
    {
      command: `echo '{"id": 1, "prompt": "1+1=", "completion": "2"}' | rapo score --model Qwen2.5-0.5B --entropy`,
      description: "One completion",
    },
    {
      command: "rapo score --model Qwen2.5-0.5B --input rollouts.jsonl > logprobs.jsonl",
      description: "A file of token ids",
    },
  ]),
)
