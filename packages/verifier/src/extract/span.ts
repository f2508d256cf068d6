/**
 * Parts of a text.
 */
import type { Either } from "fp-ts/lib/Either.js"

/** The characters from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** The last box never closes: the response was cut off. */
export interface UnclosedBox {
  readonly _tag: "UnclosedBox"
  readonly position: number
}

/** What a finder says: the parts of the answer, a reason not to look further, or nothing. */
export type Found = Either<UnclosedBox, ReadonlyArray<Span>> | undefined

/** Looks for one sign of an answer. */
export type Finder = (text: string) => Found

/** Where a global pattern matches last. */
export const last = (text: string, pattern: RegExp): Span | undefined => {
  let span: Span | undefined
  for (const found of text.matchAll(pattern))
    span = { start: found.index, end: found.index + found[0].length }
  return span
}

/** Without the characters of two classes around it. */
export const trimmed = (text: string, span: Span, leading: RegExp, trailing: RegExp): Span => {
  let { start, end } = span
  while (start < end && leading.test(text.charAt(start))) start++
  while (end > start && trailing.test(text.charAt(end - 1))) end--
  return { start, end }
}

/** Without white space around it. */
export const unblanked = (text: string): Span => trimmed(text, { start: 0, end: text.length }, blank, blank)

/** White space, without the form feeds and vertical tabs that string literals make of `\\f` and `\\v`. */
export const blank: RegExp = /[^\S\f\v]/

/** Without white space and the marks of emphasis and of the end of a sentence around it. */
export const unpunctuated = (text: string, span: Span): Span =>
  trimmed(text, span, /[\s*_`:：,，]/, /[\s*_`.,;:!?。，；]/)

/** Of `**100** dollars`, what is emphasised: a span after `**` ends where the emphasis does. */
export const emphasised = (text: string, span: Span): Span => {
  const end = text.startsWith("**", span.start - 2) ? text.indexOf("**", span.start) : -1
  return end > span.start && end < span.end ? { start: span.start, end } : span
}

/** A span, if there is something in it. */
export const nonEmpty = (span: Span): Span | undefined => (span.start < span.end ? span : undefined)

/** The characters of a span. */
export const slice = (text: string, span: Span): string => text.slice(span.start, span.end)
