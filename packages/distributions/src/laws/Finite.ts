/**
 * Laws of `Finite`: the monad, and what it does to expectations and entropies.
 */
import { isLeft } from "fp-ts/lib/Either.js"
import type { Eq } from "fp-ts/lib/Eq.js"
import type { Finite } from "../Finite.ts"
import * as F from "../Finite.ts"
import * as LogSpace from "../LogSpace.ts"

// laws

/** chain(of(a), k) = k(a). */
export const leftIdentity =
  <B>(S: Eq<Finite<B>>) =>
  <A>(a: A, k: (a: A) => Finite<B>): boolean =>
    S.equals(F.Monad.chain(F.Monad.of(a), k), k(a))

/** chain(p, of) = p. */
export const rightIdentity =
  <A>(S: Eq<Finite<A>>) =>
  (p: Finite<A>): boolean =>
    S.equals(
      F.Monad.chain(p, (a) => F.Monad.of(a)),
      p,
    )

/** chain(chain(p, k), l) = chain(p, a ↦ chain(k(a), l)). */
export const associativity =
  <C>(S: Eq<Finite<C>>) =>
  <A, B>(p: Finite<A>, k: (a: A) => Finite<B>, l: (b: B) => Finite<C>): boolean =>
    S.equals(
      F.Monad.chain(F.Monad.chain(p, k), l),
      F.Monad.chain(p, (a) => F.Monad.chain(k(a), l)),
    )

/** map(p, id) = p and map(map(p, f), g) = map(p, g ∘ f). */
export const functor =
  <A, C>(S: Eq<Finite<A>>, T: Eq<Finite<C>>) =>
  <B>(p: Finite<A>, f: (a: A) => B, g: (b: B) => C): boolean =>
    S.equals(
      F.Functor.map(p, (a) => a),
      p,
    ) &&
    T.equals(
      F.Functor.map(F.Functor.map(p, f), g),
      F.Functor.map(p, (a) => g(f(a))),
    )

/** ap(fs, p) = chain(fs, f ↦ map(p, f)), and map(p, f) = chain(p, of ∘ f). */
export const applicativeIsMonadic =
  <B>(S: Eq<Finite<B>>) =>
  <A>(fs: Finite<(a: A) => B>, p: Finite<A>): boolean =>
    S.equals(
      F.Applicative.ap(fs, p),
      F.Monad.chain(fs, (f) => F.Monad.map(p, f)),
    ) &&
    F.support(fs).every((f) =>
      S.equals(
        F.Monad.map(p, f),
        F.Monad.chain(p, (a) => F.Monad.of(f(a))),
      ),
    )

/** E_{map(p, f)} g = E_p (g ∘ f), and E_{chain(p, k)} g = E_p (a ↦ E_{k(a)} g). */
export const expectationsCompose =
  (S: Eq<number>) =>
  <A, B>(p: Finite<A>, f: (a: A) => B, k: (a: A) => Finite<B>, g: (b: B) => number): boolean =>
    S.equals(
      F.expectation(F.map(p, f), g),
      F.expectation(p, (a) => g(f(a))),
    ) &&
    S.equals(
      F.expectation(F.chain(p, k), g),
      F.expectation(p, (a) => F.expectation(k(a), g)),
    )

/** Outcomes are distinct and possible, and their probabilities add up to 1. */
export const finiteNormalised =
  (S: Eq<number>) =>
  <A>(p: Finite<A>): boolean =>
    new Set(F.support(p)).size === F.size(p) &&
    F.weighted(p).every(([, l]) => l > -Infinity && l <= 0) &&
    S.equals(LogSpace.sum(F.weighted(p).map(([, l]) => Math.exp(l))), 1)

/** H(X, Y) = H(X) + Σ_x p(x) H(Y | x). */
export const entropyChainRule =
  (S: Eq<number>) =>
  <A, B>(p: Finite<A>, k: (a: A) => Finite<B>): boolean => {
    const joint = F.chain(p, (a) => F.map(k(a), (b) => [a, b] as const))
    return S.equals(F.entropy(joint), F.entropy(p) + F.expectation(p, (a) => F.entropy(k(a))))
  }

/** P(A) condition(p, A)(a) = p(a) [a ∈ A]; an impossible event is an error. */
export const bayes =
  (S: Eq<number>) =>
  <A>(p: Finite<A>, event: (a: A) => boolean): boolean => {
    const total = F.probabilityOf(p, event)
    const given = F.condition(p, event)
    if (isLeft(given)) return total === 0 && given.left._tag === "ImpossibleEvent"
    return F.support(p).every((a) => S.equals(total * F.prob(given.right, a), event(a) ? F.prob(p, a) : 0))
  }
