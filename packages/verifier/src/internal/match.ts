/**
 * Case analysis on tagged data: one function for each tag, as a value.
 */

/** The variants of a tagged union, by tag. */
export type Cases<T extends { readonly _tag: string }, A> = {
  readonly [Tag in T["_tag"]]: (variant: Extract<T, { readonly _tag: Tag }>) => A
}

/** The value that the case of a variant's tag gives it. */
export const match =
  <T extends { readonly _tag: string }, A>(cases: Cases<T, A>) =>
  (variant: T): A =>
    // The type of `cases` says that this case takes this variant; the compiler cannot follow the lookup.
    (cases[variant._tag as T["_tag"]] as (variant: T) => A)(variant)
