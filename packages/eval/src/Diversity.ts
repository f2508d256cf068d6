/**
 * How different the samples of one problem are: answers, words and lengths.
 *
 *     distinct answers     the number of different ones
 *     answer entropy       -Σ_a (m_a/n) ln(m_a/n), in nats: 0 for one answer, ln n for n different ones
 *     distinct-N           different N-grams / all N-grams, over all samples
 *     self-BLEU            the mean over samples of BLEU against all the others: 1 for copies, near 0 for strangers
 *
 * A policy that sharpens loses entropy and distinct N-grams and gains self-BLEU before it loses pass@k.
 *
 * **Laws** (`Laws.ts`)
 * 1. 0 <= answer entropy <= ln(distinct answers); order of samples and names of answers do not matter.
 * 2. distinct-N and self-BLEU are in [0, 1]; n copies have self-BLEU 1 and distinct-N at most 1/n of one copy's count.
 *
 * **Source**  distinct-N, Li et al. (2016), arXiv 1510.03055; self-BLEU, Zhu et al. (2018), arXiv 1802.01886, with BLEU of
 * Papineni et al. (2002) up to N-grams of 4, without smoothing: 0 where an order has no match.
 */

// destructors

/**
 * -Σ p ln p of the answers' shares.
 *
 * **Units**    nats. **Domain** no answers: 0.
 *
 * ```ts import.meta.vitest
 * import { Diversity } from "@rapo/eval"
 * Diversity.answerEntropy(["4", "5", "4", "5"]) // ≈ 0.6931
 * Diversity.answerEntropy(["4", "4"]) // => 0
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const answerEntropy = (answers: ReadonlyArray<string>): number =>
  Math.max(
    0,
    [...tally(answers).values()].reduce((total, count) => {
      const share = count / answers.length
      return total - share * Math.log(share)
    }, 0),
  )

/**
 * The number of different answers.
 *
 * @category destructors
 * @since 0.1.0
 */
export const distinctAnswers = (answers: ReadonlyArray<string>): number => new Set(answers).size

/**
 * The share of N-grams that are different ones; 0 when no sample has that many words.
 *
 * **Domain**   N >= 1; words are separated by white space.
 *
 * ```ts import.meta.vitest
 * import { Diversity } from "@rapo/eval"
 * Diversity.distinctN(["a b a b"], 2) // ≈ 0.6667
 * Diversity.distinctN(["a b", "a b"], 1) // => 0.5
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const distinctN = (texts: ReadonlyArray<string>, size: number): number => {
  const all = texts.flatMap((text) => nGrams(wordsOf(text), size))
  return all.length === 0 ? 0 : new Set(all).size / all.length
}

/**
 * The mean BLEU-4 of each sample against the others; undefined for fewer than two samples.
 *
 * **Cost**     linear in the number of words: of each N-gram the two largest counts are kept, so that every sample finds the most that
 * the others have.
 *
 * ```ts import.meta.vitest
 * import { Diversity } from "@rapo/eval"
 * Diversity.selfBleu(["one two three four", "one two three four"]) // => 1
 * Diversity.selfBleu(["one two three four", "five six seven eight"]) // => 0
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const selfBleu = (texts: ReadonlyArray<string>): number | undefined => {
  if (texts.length < 2) return undefined
  const samples = texts.map((text) => {
    const words = wordsOf(text)
    return { length: words.length, grams: orders.map((order) => tally(nGrams(words, order))) }
  })
  const most = orders.map((_, order) => mostOf(samples.map(({ grams }) => grams[order] ?? new Map())))
  const lengths = samples.map(({ length }) => length)
  return samples.reduce((total, sample, i) => total + bleu(sample, i, most, lengths), 0) / samples.length
}

// numerics

const orders = [1, 2, 3, 4]

interface Sample {
  readonly length: number
  /** Counts of the N-grams of each order. */
  readonly grams: ReadonlyArray<ReadonlyMap<string, number>>
}

/** The largest count of an N-gram in a sample, whose it is, and the largest in any other. */
interface Most {
  readonly first: number
  readonly owner: number
  readonly second: number
}

const mostOf = (all: ReadonlyArray<ReadonlyMap<string, number>>): ReadonlyMap<string, Most> => {
  const most = new Map<string, Most>()
  for (const [owner, grams] of all.entries())
    for (const [gram, count] of grams) {
      const known = most.get(gram)
      if (known === undefined) most.set(gram, { first: count, owner, second: 0 })
      else if (count > known.first) most.set(gram, { first: count, owner, second: known.first })
      else if (count > known.second) most.set(gram, { ...known, second: count })
    }
  return most
}

/** BLEU of sample i against all others. */
const bleu = (
  candidate: Sample,
  i: number,
  most: ReadonlyArray<ReadonlyMap<string, Most>>,
  lengths: ReadonlyArray<number>,
): number => {
  // A text of three words has no 4-grams: orders that it does not have are left out.
  const used = candidate.grams.flatMap((grams, order) => (grams.size === 0 ? [] : [{ grams, order }]))
  if (used.length === 0) return 0
  const logPrecision = used.reduce((total, { grams, order }) => {
    let [matched, all] = [0, 0]
    for (const [gram, count] of grams) {
      const known = most[order]?.get(gram)
      matched += Math.min(count, (known?.owner === i ? known.second : known?.first) ?? 0)
      all += count
    }
    return total + Math.log(matched / all)
  }, 0)
  const closest = closestTo(candidate.length, i, lengths)
  const brevity = candidate.length >= closest ? 0 : 1 - closest / candidate.length
  return Math.exp(brevity + logPrecision / used.length)
}

/** The length of another sample that is closest to one's own; the shorter of two as close, as BLEU has it. */
const closestTo = (own: number, i: number, lengths: ReadonlyArray<number>): number => {
  let best = Infinity
  for (const [j, length] of lengths.entries()) {
    if (j === i) continue
    const nearer = Math.abs(length - own) - Math.abs(best - own)
    if (nearer < 0 || (nearer === 0 && length < best)) best = length
  }
  return best
}

const wordsOf = (text: string): ReadonlyArray<string> => text.split(/\s+/u).filter((word) => word !== "")

const nGrams = (words: ReadonlyArray<string>, size: number): ReadonlyArray<string> =>
  Array.from({ length: Math.max(0, words.length - size + 1) }, (_, i) => words.slice(i, i + size).join(" "))

const tally = (items: ReadonlyArray<string>): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return counts
}
