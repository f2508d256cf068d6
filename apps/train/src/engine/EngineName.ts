/**
 * The names of the engines, and of what a user may ask for. Nothing heavy: the command line's parser reads this.
 */

/** The engines, best first: `auto` takes the first that this machine has. */
export const engineNames = ["native", "webgpu", "wasm"] as const

/** See `docs/engines.md`. */
export type EngineName = (typeof engineNames)[number]

/** What `--engine` and an experiment's `engine` take. */
export const engineChoices = ["auto", ...engineNames] as const

/** See the value of the same name. */
export type EngineChoice = (typeof engineChoices)[number]

/** An engine that is there, or why it is not and the command that mends it. */
export type Availability =
  | {
      readonly _tag: "Present"
      /** What it runs on, in words. */
      readonly device: string
      /** A processor plays the graphics card: right, and slow. Such an engine is used only when it is asked for by name. */
      readonly isSoftware: boolean
      /** What its libraries are to read from the process's environment, as far as the user has not set it. */
      readonly environment: Readonly<Record<string, string>>
    }
  | { readonly _tag: "Absent"; readonly problem: string; readonly remedy: string }
