/**
 * Seeds: values from which all randomness of the project is derived.
 *
 * A seed names a stream of random numbers. Children are named, not drawn: the child `"step"` of a seed does not
 * depend on what else was derived from it, so adding a consumer of randomness changes nobody else's numbers, and a
 * sequence has the same random numbers whatever batch, worker or order it is computed in.
 *
 * Laws
 * 1. Determinism: equal seeds give equal streams, on every platform.
 * 2. Independence of order: `child(s, a)` is a function of `s` and `a` alone.
 * 3. Children with different labels, and a parent and its child, have different states (up to 128-bit collisions).
 *
 * Sources: streams are xoroshiro128+ (Blackman & Vigna, 2018), from the library pure-rand; labels are mixed into the
 * 128-bit state by the finaliser of MurmurHash3 (Appleby, 2011). Not for cryptography.
 */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64"
import { uniformInt } from "pure-rand/distribution/uniformInt"
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus"

// model

/**
 * The 128-bit name of a random stream, as four signed 32-bit words.
 *
 * @category models
 * @since 0.1.0
 */
export interface Seed {
  readonly _tag: "Seed"
  readonly state: readonly [number, number, number, number]
}

/**
 * A stream of random numbers. It has state: keep it inside the function that made it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Generator {
  /** The next number, uniform in [0, 1), a multiple of 2⁻⁵³. */
  readonly uniform: () => number
  /** The next integer, uniform in [low, high], both included. */
  readonly integer: (low: number, high: number) => number
}

// constructors

/**
 * The seed that an integer names.
 *
 * ```ts import.meta.vitest
 * import { Seed } from "@rapo/distributions"
 * Seed.generator(Seed.fromInteger(1)).uniform() === Seed.generator(Seed.fromInteger(1)).uniform() // => true
 * ```
 *
 * **Domain**  a safe integer.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromInteger = (n: number): Seed => absorb(origin, [low32(n), high32(n)])

// combinators

/**
 * The child of a seed that a label names: "sampling", 17, ...  A number and its decimal string are different labels.
 *
 * ```ts import.meta.vitest
 * import { Seed } from "@rapo/distributions"
 * const seed = Seed.fromInteger(1)
 * Seed.child(seed, "a").state // => Seed.child(seed, "a").state
 * Seed.child(seed, "a").state[0] === Seed.child(seed, "b").state[0] // => false
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const child = (seed: Seed, label: string | number): Seed =>
  absorb(
    seed,
    typeof label === "number"
      ? [1, low32(label), high32(label)]
      : [2, label.length, ...Array.from({ length: label.length }, (_, i) => label.charCodeAt(i))],
  )

// destructors

/**
 * The stream that a seed names, from its beginning.
 *
 * @category destructors
 * @since 0.1.0
 */
export const generator = (seed: Seed): Generator => {
  const stream = xoroshiro128plusFromState(seed.state)
  return {
    uniform: () => uniformFloat64(stream),
    integer: (low, high) => uniformInt(stream, low, high),
  }
}

// numerics

/** Fractional digits of π: any fixed, non-zero state serves. */
const origin: Seed = { _tag: "Seed", state: [0x243f6a88, 0x85a308d3 | 0, 0x13198a2e, 0x03707344] }

/** 2³² divided by the golden ratio: separates the four lanes. */
const golden = 0x9e3779b9

const low32 = (n: number): number => n | 0
const high32 = (n: number): number => Math.floor(n / 0x1_0000_0000) | 0

/** MurmurHash3's 32-bit finaliser, a bijection in which every input bit moves every output bit. */
const mix = (x: number): number => {
  const a = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  return b ^ (b >>> 16)
}

const absorb = (seed: Seed, words: ReadonlyArray<number>): Seed =>
  words.reduce<Seed>(({ state: [a, b, c, d] }, word) => {
    const a1 = mix(a ^ mix(word + golden))
    const b1 = mix(b ^ (mix(word + 2 * golden) + a1))
    const c1 = mix(c ^ (mix(word + 3 * golden) + b1))
    const d1 = mix(d ^ (mix(word + 4 * golden) + c1))
    return { _tag: "Seed", state: [mix(a1 ^ d1) | 0, b1 | 0, c1 | 0, d1 | 1] }
  }, seed)
