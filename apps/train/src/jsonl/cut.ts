/**
 * Lines out of pieces of a text, in batches: the lines that a piece ends. A pipe that is written to now and then is answered
 * at once, and a file is cut into batches of a thread's size.
 */

/** A line of the input, from 1. */
export interface Line {
  readonly number: number
  readonly text: string
}

/** What is not a line yet: the pieces since the last end of a line, and the number of the last line. */
export interface Unfinished {
  readonly pieces: ReadonlyArray<string>
  readonly lines: number
}

/** Before the first piece. */
export const start: Unfinished = { pieces: [], lines: 0 }

/** The lines that a piece ends, without blank ones, and what is left. */
export const cut = (before: Unfinished, piece: string): readonly [Unfinished, ReadonlyArray<Line>] => {
  const end = piece.lastIndexOf("\n")
  // A line of many pieces is joined once, at its end.
  if (end < 0) return [{ ...before, pieces: [...before.pieces, piece] }, []]
  const texts = (before.pieces.join("") + piece.slice(0, end)).split("\n")
  return [
    { pieces: [piece.slice(end + 1)], lines: before.lines + texts.length },
    numbered(texts, before.lines),
  ]
}

/** The last line, where the text does not end with the end of a line. */
export const rest = ({ pieces, lines }: Unfinished): ReadonlyArray<Line> => numbered([pieces.join("")], lines)

const numbered = (texts: ReadonlyArray<string>, before: number): ReadonlyArray<Line> =>
  texts
    .map((text, i) => ({
      number: before + i + 1,
      text: before + i === 0 ? text.replace("\uFEFF", "") : text,
    }))
    .filter(({ text }) => text.trim() !== "")
