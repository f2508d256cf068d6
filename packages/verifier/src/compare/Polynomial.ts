/**
 * Canonical forms: Laurent polynomials over ℚ in atoms.
 *
 *     P = Σ_j c_j · Π_k a_k^{q_k}        c_j ∈ ℚ∖{0},  q_k ∈ ℚ∖{0}
 *
 * An atom is what arithmetic cannot take apart: a variable, π, e, the imaginary unit, a prime under a root, the logarithm of a
 * prime, a power with a symbolic exponent, the value of a function, and a sum that stands in a denominator or under a root.
 * The relations between atoms are applied as soon as a product shows them:
 *
 *     i² = −1,   p^{1/2} · p^{1/2} = p,   (P)^{1/2} · (P)^{1/2} = P,   (P)^{-1} · P = 1  (after `Zero.cleared`)
 *
 * Laws (`Laws.ts`): a commutative ring; equal keys mean equal numbers. Where all atoms are variables, π, i and roots of primes,
 * the converse holds too: such products are linearly independent over ℚ (Besicovitch 1940), so the form is a normal form.
 *
 * Partial operations return `undefined`: fuel ran out, or there are more than `maxTerms` terms.
 */
export * from "./polynomial/model.ts"
export * from "./polynomial/ring.ts"
