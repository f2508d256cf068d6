/**
 * The `tokenizer.json` and `tokenizer_config.json` of a task's alphabet: one token for each text of the alphabet.
 *
 * It is an ordinary Hugging Face tokenizer (BPE without merges, byte level, texts of several characters as added
 * tokens), so that `@huggingface/tokenizers` here and `AutoTokenizer` in Python read the same file.
 * Ids: `<pad>` 0, `<eos>` 1, then the alphabet in order.
 */

/** Id of `<pad>` in a tokenizer made here. */
export const padId = 0
/** Id of `<eos>` in a tokenizer made here. */
export const eosId = 1

const special = ["<pad>", "<eos>"] as const

/** A text of several characters that is one token, or a control. */
export interface AddedToken {
  readonly id: number
  readonly content: string
  readonly single_word: false
  readonly lstrip: false
  readonly rstrip: false
  readonly normalized: false
  readonly special: boolean
}

/** See `AddedToken`. */
export const addedToken = (id: number, content: string, isSpecial: boolean): AddedToken => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: isSpecial,
})

const level = { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false } as const

/** A `tokenizer.json`: BPE on bytes without merges, so that a token is one of the added texts or one name of the vocabulary. */
export const byteLevel = (
  added: ReadonlyArray<AddedToken>,
  vocabulary: Readonly<Record<string, number>>,
): object => ({
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: added,
  normalizer: null,
  pre_tokenizer: level,
  post_processor: null,
  decoder: level,
  model: {
    type: "BPE",
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: "",
    end_of_word_suffix: "",
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: false,
    vocab: vocabulary,
    merges: [],
  },
})

/** The two files' contents, as JSON values. `alphabet` holds distinct, non-empty ASCII texts without spaces. */
export const tokenizerFiles = (
  alphabet: ReadonlyArray<string>,
  modelMaxLength: number,
): { readonly tokenizer: object; readonly tokenizerConfig: Readonly<Record<string, unknown>> } => {
  const texts = [...special, ...alphabet]
  const added = texts
    .map((content, id) => addedToken(id, content, id < special.length))
    .filter(({ id, content }) => id < special.length || content.length > 1)
  return {
    tokenizer: byteLevel(added, Object.fromEntries(texts.map((text, id) => [text, id]))),
    tokenizerConfig: {
      tokenizer_class: "PreTrainedTokenizerFast",
      added_tokens_decoder: Object.fromEntries(added.map(({ id, ...token }) => [String(id), token])),
      pad_token: special[padId],
      eos_token: special[eosId],
      bos_token: null,
      unk_token: null,
      clean_up_tokenization_spaces: false,
      model_max_length: modelMaxLength,
    },
  }
}
