/** The forms in which problems are put to a model of this machine. */
import * as E from "fp-ts/lib/Either.js"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { promptIds } from "../../src/evaluate/local/promptIds.ts"
import type { PromptForm } from "../../src/evaluate/PromptForm.ts"
import { boxedRequest, templates } from "../../src/evaluate/templates.ts"
import { chatMl, controls, tokenizerWith } from "./byteTokenizer.ts"

const talking = tokenizerWith(chatMl)

const qwenBoxed: PromptForm = {
  _tag: "Template",
  template:
    templates.find(({ name }) => name === "qwen-boxed") ?? (templates[0] as (typeof templates)[number]),
}
const forms: ReadonlyArray<PromptForm> = [qwenBoxed, { _tag: "Chat" }]

/** Texts that hold control tokens' names, whole and in pieces. */
const problem = fc
  .array(fc.oneof(fc.constantFrom(...controls, "<|im_", "end|>", "<", "|>"), fc.string()), { maxLength: 6 })
  .map((pieces) => pieces.join(""))
  .filter((text) => !/\p{Surrogate}/u.test(text))

const idsOf = (form: PromptForm, text: string): ReadonlyArray<number> => {
  const ids = promptIds(talking, form)("p", text)
  return E.isRight(ids) ? ids.right : []
}

describe("promptIds", () => {
  it.each(forms.map((form) => [form._tag, form] as const))(
    "%s: a problem writes no control token",
    (_, form) => {
      const controlIds = (text: string): ReadonlyArray<number> => idsOf(form, text).filter((id) => id >= 256)
      const expected = controlIds("1+1?")
      expect(expected.length).toBeGreaterThan(2)
      fc.assert(fc.property(problem, (text) => controlIds(text).join() === expected.join()))
    },
  )

  it("Chat: the problem stands in it word for word, with the request for a box", () => {
    fc.assert(
      fc.property(problem, (text) =>
        talking.encodings
          .read(idsOf({ _tag: "Chat" }, text))
          .includes(`<|im_start|>user\n${boxedRequest(text)}<|im_end|>`),
      ),
    )
  })

  it("Chat: says why a tokenizer has none", () => {
    expect(promptIds(tokenizerWith(undefined), { _tag: "Chat" })("p", "1+1?")).toEqual(
      E.left("the tokenizer has no chat template"),
    )
  })
})
