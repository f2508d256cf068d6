/**
 * `rapo tokenize`: the token ids of texts and conversations.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { lines } from "./options.ts"

/** See the module header. */
export const tokenize = Command.make(
  "tokenize",
  {
    model: Flag.String("model").pipe(
      Flag.withDescription(
        "A folder with tokenizer.json, and tokenizer_config.json; the model itself need not be there",
      ),
    ),
    input: lines('{"id", "text"} or {"id", "messages"}'),
    generationPrompt: Flag.Boolean("generation-prompt").pipe(
      Flag.withDescription(
        "A conversation ends where the assistant's turn begins (default; --no-generation-prompt ends it before)",
      ),
      Flag.withDefault(true),
    ),
    literal: Flag.Boolean("literal").pipe(
      Flag.withDescription(
        "Control tokens that a text or a message names are spelt out, as in everything that rapo samples or trains on",
      ),
      Flag.withDefault(false),
    ),
  },
  Effect.fn(function* (request) {
    const { tokenizeLines } = yield* Effect.promise(() => import("../tokenize/tokenizeLines.ts"))
    yield* tokenizeLines(request)
  }),
).pipe(
  Command.withDescription(
    'Print the token ids of texts and conversations: {"id", "ids"} a line, in order.\n\n' +
      "The ids are those of Hugging Face's transformers: of a text, all that it names, control tokens such as <|im_start|> too; " +
      'of messages, those of the rendered chat template. A line may say "tools" and "add_generation_prompt" itself. With ' +
      "--literal no text and no message can write a control token.\n\n" +
      "A broken line is reported with its number and left out; the exit code is then 1.",
  ),
  Command.withShortDescription("Print the token ids of texts and conversations"),
  Command.withExamples([
    {
      command: `echo '{"id": 1, "text": "What is 1+1?"}' | rapo tokenize --model Qwen2.5-0.5B`,
      description: "One text",
    },
    {
      command:
        "rapo tokenize --model Qwen2.5-0.5B --input conversations.jsonl --no-generation-prompt > ids.jsonl",
      description: "A file of finished conversations",
    },
  ]),
)
