/**
 * Makes a folder and those above it.
 *
 * One at a time, because Node's own recursive `mkdir` never returns where the system answers "no such entry" to the
 * creation itself, as under /proc.
 */
import { Effect, FileSystem, Path, type PlatformError } from "effect"

/** See the module header. A folder that is there already is as good as made. */
export const makeFolder = (
  folder: string,
): Effect.Effect<void, PlatformError.PlatformError, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const make = (target: string) =>
      fs.makeDirectory(target).pipe(
        Effect.catchIf(
          (error) => error.reason._tag === "AlreadyExists",
          () => Effect.void,
        ),
      )
    const parent = path.dirname(folder)
    yield* make(folder).pipe(
      Effect.catchIf(
        (error) => error.reason._tag === "NotFound" && parent !== folder,
        () => makeFolder(parent).pipe(Effect.andThen(make(folder))),
      ),
    )
  })
