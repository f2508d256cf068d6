/**
 * How near to 0 an algebraic number can be without being 0.
 *
 *     E ≠ 0  ⟹  |E| >= 2^{−bound},    bound = log₂ l + (D − 1) log₂ u
 *
 * where E = U/L with algebraic integers U, L, whose conjugates are at most u and l in absolute value, and D bounds the degree of
 * E: then the norm of U is a nonzero integer, so |U| >= u^{1−D}, and |L| <= l. The numbers u and l follow the expression:
 *
 * | E            | u                         | l                       |
 * |--------------|---------------------------|-------------------------|
 * | a/b          | abs a                     | b                       |
 * | E₁ E₂        | u₁ u₂                     | l₁ l₂                   |
 * | Σ E_j        | Σ_j u_j Π_{k≠j} l_k       | Π l_j                   |
 * | 1/E₁         | l₁                        | u₁                      |
 * | E₁^{1/d}     | (u₁ l₁^{d−1})^{1/d}       | l₁         if u₁ >= l₁  |
 * |              | u₁                        | (u₁^{d−1} l₁)^{1/d} else|
 * | cos(πa/b)    | 2                         | 2                       |
 *
 * and D is the product of the degrees of the different roots, and of the field ℚ(cos(π/b)) with the common denominator b of all angles,
 * which is φ(2b)/2. Source: C. Burnikel, S. Funke, K. Mehlhorn, S. Schirra, S. Schmitt, A
 * separation bound for real algebraic expressions, ESA 2001 (BFMSS); the cosine's line is ours: 2 cos(πa/b) is an algebraic
 * integer, all of whose conjugates are at most 2.
 */
import * as Integers from "./Integers.ts"
import type { Factor, Polynomial } from "./Polynomial.ts"

// model

/** Upper bounds for log₂ u and log₂ l. */
interface Size {
  readonly u: number
  readonly l: number
}

// destructors

/**
 * The bound in bits, or nothing for a number that is not known to be algebraic.
 *
 * @category destructors
 * @since 0.1.0
 */
export const bound = (p: Polynomial): number | undefined => {
  const degrees = new Map<string, number>()
  const size = sizeOf(p, degrees)
  if (size === undefined) return undefined
  let degree = 1
  for (const [key, d] of degrees) degree *= key === cosines ? Math.max(1, totient(2 * d) / 2) : d
  return Math.ceil(size.l + (degree - 1) * size.u) + 1
}

// numerics

/** The key of the common denominator of the angles. */
const cosines = "cos"

/** Euler's φ. */
const totient = (n: number): number => {
  let [result, rest] = [n, n]
  for (let p = 2; p * p <= rest; p++) {
    if (rest % p !== 0) continue
    result -= result / p
    while (rest % p === 0) rest /= p
  }
  return rest > 1 ? result - result / rest : result
}

const sizeOf = (p: Polynomial, degrees: Map<string, number>): Size | undefined => {
  const sizes: Array<Size> = []
  for (const { coefficient, factors } of p.values()) {
    let u = Integers.bits(coefficient.numerator)
    let l = coefficient.denominator === 1n ? 0 : Integers.bits(coefficient.denominator)
    for (const factor of factors) {
      const part = sizeOfFactor(factor, degrees)
      if (part === undefined) return undefined
      u += part.u
      l += part.l
    }
    sizes.push({ u, l })
  }
  const l = sizes.reduce((sum, size) => sum + size.l, 0)
  const u = Math.max(0, ...sizes.map((size) => size.u + l - size.l)) + Math.log2(sizes.length + 1)
  return { u, l }
}

const sizeOfFactor = ({ atom, exponent }: Factor, degrees: Map<string, number>): Size | undefined => {
  const { kind } = atom
  const [n, d] = [Number(exponent.numerator), Number(exponent.denominator)]
  if (Math.abs(n) > 1e6 || d > 1e6) return undefined
  const enlarge = (degree: number, key: string = atom.key): void => {
    const known = degrees.get(key) ?? 1
    degrees.set(key, (known * degree) / Number(Integers.gcd(BigInt(known), BigInt(degree))))
  }
  if (kind._tag === "Imaginary") {
    enlarge(2)
    return { u: 0, l: 0 }
  }
  if (kind._tag === "Prime") {
    enlarge(d)
    return n >= 0
      ? { u: (n / d) * Integers.bits(kind.prime), l: 0 }
      : { u: 0, l: (-n / d) * Integers.bits(kind.prime) }
  }
  if (kind._tag === "Value" && kind.cosineOf !== undefined) {
    enlarge(Number(kind.cosineOf.denominator), cosines)
    return raised({ u: 1, l: 1 }, n)
  }
  if (kind._tag !== "Sum") return undefined
  const base = sizeOf(kind.base, degrees)
  if (base === undefined) return undefined
  enlarge(d)
  const root =
    base.u >= base.l
      ? { u: (base.u + (d - 1) * base.l) / d, l: base.l }
      : { u: base.u, l: ((d - 1) * base.u + base.l) / d }
  return raised(root, n)
}

const raised = ({ u, l }: Size, n: number): Size =>
  n >= 0 ? { u: n * u, l: n * l } : { u: -n * l, l: -n * u }
