/** Nothing that a user writes becomes a control token: all added tokens, in random surroundings. */
import * as E from "fp-ts/lib/Either.js"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  type ChatTemplate,
  chatTemplate,
  literalChat,
  referenceChat,
} from "../../../src/model/tokenizer/ChatTemplate.ts"
import { cut } from "../../../src/model/tokenizer/ControlTokens.ts"
import { type Encodings, encodings } from "../../../src/model/tokenizer/Encodings.ts"
import { freeMark, mask, stringsOf, unmask } from "../../../src/model/tokenizer/masking.ts"
import { byteTokenizer, controls as byteControls } from "../../evaluate/byteTokenizer.ts"
import { describeWith, readJson } from "../../sharedData.ts"

const rightOf = <L, A>(either: E.Either<L, A>): A => {
  if (E.isRight(either)) return either.right
  throw new Error(JSON.stringify(either.left))
}

/** No half of a surrogate pair. */
const isText = (text: string): boolean => !/\p{Surrogate}/u.test(text)

/** Texts around names of control tokens: whole, in parts, with what normalisation composes, with noncharacters. */
const surroundings = (names: ReadonlyArray<string>): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...names),
        fc
          .tuple(fc.constantFrom(...names), fc.nat(20), fc.nat(20))
          .map(([name, from, length]) => name.slice(from % name.length, (from % name.length) + length)),
        fc.string({ unit: "grapheme", maxLength: 6 }),
        fc.constantFrom(
          "<",
          "|>",
          " ",
          "\n",
          "\u0338",
          "\u0301",
          "e\u0301",
          "\u212b",
          "\ufdd0",
          "\ufdd1",
          "</think>",
        ),
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join(""))
    .filter(isText)

/** Qwen's form; one that puts nothing between messages; one that trims; one that takes pieces out of a message. */
const sources = [
  "{%- for m in messages %}{{- '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>' + '\\n' }}{%- endfor %}",
  "{% for m in messages %}{{ m.content }}{% endfor %}<|im_end|>",
  "{% for m in messages %}<|im_start|>{{ m.content | trim }}<|im_end|>{% endfor %}",
  "{% for m in messages %}{{ m.content.split('</think>') | join('') }}<|im_end|>{% endfor %}",
] as const

const ownControls: ReadonlyArray<ReadonlyArray<number>> = [[1, 2], [], [1, 2], [2]]

const templates: ReadonlyArray<ChatTemplate> = sources.map((source) => rightOf(chatTemplate(source, {})))

/** The laws, for a tokenizer whose <|im_start|> and <|im_end|> have the given ids. */
const laws = (own: Encodings, runs: number): void => {
  const names = own.controls.map(({ content }) => content)
  const ids = new Set(own.controls.map(({ id }) => id))
  const texts = surroundings(names)
  const [start, end] = [own.idOf("<|im_start|>"), own.idOf("<|im_end|>")]
  const controlsIn = (these: ReadonlyArray<number>): ReadonlyArray<number> =>
    these.filter((id) => ids.has(id))

  it("a text of its own has none", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const encoded = rightOf(own.ordinary(text))
        return (
          controlsIn(encoded).length === 0 && own.decode(encoded).normalize("NFC") === text.normalize("NFC")
        )
      }),
      { numRuns: runs },
    )
  })

  it("a problem in a template has none, even where the template's text would complete one", () => {
    fc.assert(
      fc.property(texts, texts, texts, (before, problem, after) => {
        const template = controlsIn([...rightOf(own.reference(before)), ...rightOf(own.reference(after))])
        const place = { start: before.length, end: before.length + problem.length }
        const marked = rightOf(own.marked(before + problem + after, problem === "" ? [] : [place]))
        return problem === "" || controlsIn(marked).join() === template.join()
      }),
      { numRuns: runs },
    )
  })

  it("a conversation has those of its template and no other", () => {
    fc.assert(
      fc.property(
        fc.array(texts, { minLength: 1, maxLength: 3 }),
        fc.nat(sources.length - 1),
        (contents, which) => {
          const template = templates[which] as ChatTemplate
          const messages = contents.map((content) => ({ role: "user", content }))
          const encoded = rightOf(literalChat(own, template, { messages, generationPrompt: false }))
          const each = (ownControls[which] ?? []).map((control) => (control === 1 ? start : end))
          const wanted = which === 1 ? [end] : contents.flatMap(() => each)
          return controlsIn(encoded).join() === wanted.join()
        },
      ),
      { numRuns: runs },
    )
  })

  it("a conversation that names none is encoded as the reference encodes it", () => {
    const innocent = fc.string({ unit: "grapheme" }).filter((text) => !/[<>|]/.test(text) && isText(text))
    fc.assert(
      fc.property(
        fc.array(innocent, { maxLength: 3 }),
        fc.constantFrom(...templates),
        (contents, template) => {
          const conversation = {
            messages: contents.map((content) => ({ role: "user", content })),
            generationPrompt: false,
          }
          return (
            rightOf(literalChat(own, template, conversation)).join() ===
            rightOf(referenceChat(own, template, conversation)).join()
          )
        },
      ),
      { numRuns: runs },
    )
  })

  it("masking is undone, leaves no name, and touches nothing else", () => {
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        const value = [{ [one]: other }, null, 1, true]
        const mark = freeMark(stringsOf(value))
        if (mark === undefined) return false
        const masked = mask(own.controls, mark, "names")(value)
        const [a = "", b = ""] = stringsOf(masked)
        return (
          unmask(a, mark) === one &&
          unmask(b, mark) === other &&
          cut(a + b + a, own.controls).every(({ _tag }) => _tag === "Ordinary")
        )
      }),
      { numRuns: runs },
    )
  })
}

describe("control tokens of a byte tokenizer", () => {
  const { tokenizer, tokenizerConfig } = byteTokenizer()
  const own = rightOf(encodings(tokenizer, tokenizerConfig))
  laws(own, 300)

  it("are written by the reference encoding, and read back", () => {
    const text = byteControls.join("é")
    const ids = rightOf(own.reference(text))
    expect(ids).toEqual([256, 195, 169, 257, 195, 169, 258])
    expect([own.read(ids), own.decode(ids)]).toEqual([text, "éé"])
  })

  it("between the bytes of a character do not break it, as in transformers", () => {
    expect(own.decode([195, 258, 169])).toBe("é")
    expect(own.decode([195])).toBe("\ufffd")
    expect([own.decode([]), own.read([])]).toEqual(["", ""])
  })

  it("half a surrogate pair is no text", () => {
    for (const text of ["\ud800", "a\udfffb", "\ude00\ud83d"])
      expect(own.ordinary(text)).toEqual(E.left({ _tag: "UnencodableText", text }))
    expect(own.decode(rightOf(own.ordinary("😀")))).toBe("😀")
  })

  it("a conversation with every noncharacter is refused, and a template's refusal is told", () => {
    const all = Array.from({ length: 32 }, (_, i) => String.fromCharCode(0xfdd0 + i)).join("")
    const [template] = templates
    if (template === undefined) throw new Error("there is a template")
    const ask = (content: string) =>
      literalChat(own, template, { messages: [{ role: "user", content }], generationPrompt: false })
    expect(ask(all)).toMatchObject({ left: { _tag: "UnrenderableChat" } })
    const refusing = rightOf(chatTemplate("{{ raise_exception('no system, please') }}", {}))
    expect(refusing.render({ messages: [], generationPrompt: true })).toEqual(
      E.left({ _tag: "UnrenderableChat", problem: "no system, please" }),
    )
    expect(chatTemplate("{% for %}", {})).toHaveProperty("_tag", "Left")
  })
})

describeWith("tokenizer", "control tokens of Qwen2.5", (folder) => {
  const own = rightOf(
    encodings(
      readJson(folder, "tokenizer.json") as object,
      readJson(folder, "tokenizer_config.json") as Readonly<Record<string, unknown>>,
    ),
  )
  laws(own, 200)

  it("ids that no token has read as nothing", () => {
    expect(own.decode([151_800, 37, 151_935])).toBe("F")
  })
})
