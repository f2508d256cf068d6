/**
 * Where learning that is under way stands in a folder, and how long: until what is learnt is there.
 */
import { Effect, FileSystem, Path } from "effect"

/** Where saves stand in a run's folder, or in that of a base that is being made. */
export const savesFolder = "saves"

/** The save of an arm, or of the base. */
export const saveFile = (path: Path.Path, folder: string, name: string): string =>
  path.join(folder, savesFolder, `${name}.safetensors`)

/** Of what is complete, nothing is gone on with. */
export const removeSaves = Effect.fn("removeSaves")(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  yield* fs.remove(path.join(folder, savesFolder), { recursive: true }).pipe(Effect.ignore)
})
