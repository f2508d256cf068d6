/**
 * Flags of commands that read data sets.
 */
import * as Flag from "effect/cli/Flag"

/** What a record's fields are called, where the usual names do not stand there; `names` are those that the command reads. */
export const fields = (names = "id=…,problem=…,answer=…"): Flag.Flag<string> =>
  Flag.String("fields").pipe(
    Flag.withDescription(`What the records call them: ${names} (usual names are found)`),
    Flag.withDefault(""),
  )

/** Whether a malformed record is left out, where it otherwise ends the command. */
export const skipInvalid = Flag.Boolean("skip-invalid").pipe(
  Flag.withDescription(
    "Leave out malformed records too (a field is missing, an id stands twice), and list them",
  ),
  Flag.withDefault(false),
)
