/**
 * The fp-ts instances of `Finite`. Documented in `Finite.ts`.
 *
 * The monad is strict and exact: `chain` enumerates. Its size is the product of sizes, less what is merged.
 */
import type { Applicative1 } from "fp-ts/lib/Applicative.js"
import type { Apply1 } from "fp-ts/lib/Apply.js"
import type { Chain1 } from "fp-ts/lib/Chain.js"
import type { Functor1 } from "fp-ts/lib/Functor.js"
import type { Monad1 } from "fp-ts/lib/Monad.js"
import type { Pointed1 } from "fp-ts/lib/Pointed.js"
import { of } from "./Constructors.ts"
import type { Finite } from "./Model.ts"
import { ap, chain, map } from "./Monad.ts"

// model

/**
 * The name of `Finite` among fp-ts's types of kind * → *.
 *
 * @category instances
 * @since 0.1.0
 */
export type URI = "Finite"

// The types of fp-ts/lib are declared here; nothing of this name is imported when the program runs.
declare module "fp-ts/HKT.js" {
  interface URItoKind<A> {
    readonly Finite: Finite<A>
  }
}

// instances

/**
 * @category instances
 * @since 0.1.0
 */
export const Functor: Functor1<URI> = { URI: "Finite", map }

/**
 * @category instances
 * @since 0.1.0
 */
export const Pointed: Pointed1<URI> = { URI: "Finite", of }

/**
 * @category instances
 * @since 0.1.0
 */
export const Apply: Apply1<URI> = { ...Functor, ap }

/**
 * @category instances
 * @since 0.1.0
 */
export const Applicative: Applicative1<URI> = { ...Apply, ...Pointed }

/**
 * @category instances
 * @since 0.1.0
 */
export const Chain: Chain1<URI> = { ...Apply, chain }

/**
 * What generic programs over monads take.
 *
 * ```ts import.meta.vitest
 * import { Finite } from "@rapo/distributions"
 * import * as A from "fp-ts/lib/Array.js"
 * import * as E from "fp-ts/lib/Either.js"
 * const coin = Finite.bernoulli(0.5)
 * if (E.isRight(coin)) {
 *   const three = A.sequence(Finite.Applicative)([coin.right, coin.right, coin.right])
 *   Finite.size(three) // => 8
 *   Finite.probabilityOf(three, (flips) => flips.every(Boolean)) // ≈ 0.125
 * }
 * ```
 *
 * @category instances
 * @since 0.1.0
 */
export const Monad: Monad1<URI> = { ...Applicative, ...Chain }
