/**
 * Integers without bounds: roots, factors, sizes.
 */

// destructors

/**
 * The length of |n| in bits, exact.
 *
 * @category destructors
 * @since 0.1.0
 */
export const bits = (n: bigint): number => {
  const magnitude = n < 0n ? -n : n
  if (magnitude <= maxSafe) return magnitude === 0n ? 0 : 32 - clz(Number(magnitude))
  const hex = magnitude.toString(16)
  return hex.length * 4 - (Math.clz32(Number.parseInt(hex[0] ?? "0", 16)) - 28)
}

/** Leading zeros counted from bit 31, negative for numbers above 2^32. */
const clz = (n: number): number => (n < 2 ** 32 ? Math.clz32(n) : Math.clz32(Math.floor(n / 2 ** 32)) - 32)

const maxSafe = BigInt(Number.MAX_SAFE_INTEGER)

/** @category destructors */
export const abs = (n: bigint): bigint => (n < 0n ? -n : n)

// combinators

/** @category combinators */
export const gcd = (a: bigint, b: bigint): bigint => {
  let [x, y] = [abs(a), abs(b)]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

/**
 * The floor of the k-th root of n >= 0, by Newton's iteration from above.
 *
 * @category combinators
 * @since 0.1.0
 */
export const rootFloor = (n: bigint, k: number): bigint => {
  if (n < 2n || k === 1) return n
  const [degree, lower] = [BigInt(k), BigInt(k - 1)]
  let x = rootAbove(n, k)
  for (;;) {
    const next = (lower * x + n / x ** lower) / degree
    if (next >= x) return x
    x = next
  }
}

/**
 * A number above the root, by about a billionth: Newton's iteration is then quadratic from its first step. The logarithm is known to
 * 2⁻⁵³ of itself, far better than a billionth for every number that fits into memory.
 */
const rootAbove = (n: bigint, k: number): bigint => {
  const cut = Math.max(0, bits(n) - 53)
  const exponent = (Math.log2(Number(n >> BigInt(cut))) + cut) / k
  const shift = Math.max(0, Math.floor(exponent) - 52)
  return (BigInt(Math.ceil(2 ** (exponent - shift) * (1 + 1e-9))) + 1n) << BigInt(shift)
}

/**
 * The exact k-th root of n >= 0, if it is an integer.
 *
 * @category combinators
 * @since 0.1.0
 */
export const exactRoot = (n: bigint, k: number): bigint | undefined => {
  const root = rootFloor(n, k)
  return root ** BigInt(k) === n ? root : undefined
}

/**
 * The prime factors of n >= 1 with their multiplicities, or nothing where a factor without known divisors is left that is not
 * known to be prime. Trial division up to `trialBound`; a rest below its square is prime, a perfect power of such is
 * split.
 *
 * @category combinators
 * @since 0.1.0
 */
export const factors = (n: bigint): ReadonlyArray<readonly [bigint, number]> | undefined => {
  const found: Array<readonly [bigint, number]> = []
  let rest = n
  for (const prime of primes) {
    if (prime * prime > rest) break
    let times = 0
    for (; rest % prime === 0n; times++) rest /= prime
    if (times > 0) found.push([prime, times])
  }
  if (rest === 1n) return found
  if (rest < trialBound * trialBound) return merge(found, rest, 1)
  for (const k of [2, 3, 5, 7]) {
    const root = exactRoot(rest, k)
    if (root !== undefined && root < trialBound * trialBound) return merge(found, root, k)
  }
  return undefined
}

const merge = (
  found: ReadonlyArray<readonly [bigint, number]>,
  prime: bigint,
  times: number,
): ReadonlyArray<readonly [bigint, number]> => {
  const known = found.find(([p]) => p === prime)
  return known === undefined
    ? [...found, [prime, times]]
    : found.map(([p, k]) => (p === prime ? [p, k + times] : [p, k]))
}

/** Where trial division ends: 1,028 primes, some 50 µs for a number without small factors. */
const trialBound = 8192n

const primes: ReadonlyArray<bigint> = (() => {
  const bound = Number(trialBound)
  const composite = new Uint8Array(bound + 1)
  const result: Array<bigint> = []
  for (let p = 2; p <= bound; p++) {
    if (composite[p] === 1) continue
    result.push(BigInt(p))
    for (let multiple = p * p; multiple <= bound; multiple += p) composite[multiple] = 1
  }
  return result
})()
