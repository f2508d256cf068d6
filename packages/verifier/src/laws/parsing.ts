/**
 * The laws of reading answers.
 */
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import * as Expression from "../Expression.ts"
import * as Parse from "../Parse.ts"

/** What a text says, as canonical text; nothing where it says nothing. */
const canonical = (text: string): string | undefined =>
  pipe(
    Parse.parse(text),
    E.fold(
      () => undefined,
      ({ expression }) => Expression.show(expression),
    ),
  )

/** parse(show(e)) = e. */
export const answerParses = (e: Expression.Expression): boolean =>
  pipe(
    Parse.parse(Expression.show(e)),
    E.fold(
      () => false,
      ({ expression }) =>
        Expression.show(expression) === Expression.show(e) && kinds(expression) === kinds(e),
    ),
  )

const kinds = (e: Expression.Expression): string =>
  Expression.nodesOf(e)
    .map(({ _tag }) => _tag)
    .join()

/** What was read once is read again: show after parse is idempotent, where nothing is left as the words that it was. */
export const readingIsIdempotent = (text: string): boolean =>
  pipe(
    Parse.parse(text),
    E.fold(
      () => true,
      ({ expression }) =>
        Expression.nodesOf(expression).some(({ _tag }) => _tag === "Text") ||
        canonical(Expression.show(expression)) === Expression.show(expression),
    ),
  )

/** Two spellings say the same, and something. */
export const saysTheSame = (a: string, b: string): boolean => {
  const said = canonical(a)
  return said !== undefined && canonical(b) === said
}

/** A formula that is written down a column, its pieces in rows of their own, is the formula. */
export const columnIsItsLine = (pieces: ReadonlyArray<string>, lineBreak: string): boolean =>
  pieces.length < 2 ||
  saysTheSame(pieces.join(" "), `\\begin{matrix} ${pieces.join(lineBreak)} \\end{matrix}`)

/** Any text is an answer, or says inside the text why it is none. */
export const readsOrSaysWhere = (text: string): boolean =>
  pipe(
    Parse.parse(text),
    E.fold(
      (error) =>
        Parse.showError(error).length > 0 &&
        (error._tag !== "Unexpected" ||
          (error.position <= text.length && text.startsWith(error.found, error.position))),
      ({ repairs }) => repairs.every(({ position }) => position >= 0 && position <= text.length),
    ),
  )
