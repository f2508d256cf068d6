/**
 * What `rapo doctor` finds: the engines of this machine, and what they stand on. `--json` prints it as it is.
 */
import { Schema } from "effect"
import { engineNames } from "../engine/EngineName.ts"

/** What a second of computing gave; see `engine/probe/measure.ts`. */
const Speed = Schema.Struct({
  /** Products of square matrices, in 10⁹ floating-point operations a second. */
  matmulGflops: Schema.Finite,
  /** Steps of a small model: forward, backward, AdamW. Null on a software device: too slow to tell. */
  trainingStepsPerSecond: Schema.NullOr(Schema.Finite),
})

/** One engine. */
const EngineStatus = Schema.Struct({
  name: Schema.Literals(engineNames),
  /** "broken": it is there and does not compute. */
  status: Schema.Literals(["ready", "absent", "broken"]),
  /** What it runs on; empty when it is absent. */
  device: Schema.String,
  /** A processor plays the graphics card. */
  isSoftware: Schema.Boolean,
  /** Why it is not ready, and what mends it; empty when it is ready. */
  problem: Schema.String,
  remedy: Schema.String,
  speed: Schema.NullOr(Speed),
})
/** See the value of the same name. */
export type EngineStatus = (typeof EngineStatus)["Type"]

/** See the module header. */
export class Diagnosis extends Schema.Class<Diagnosis>("Diagnosis")({
  schema: Schema.Literal("rapo-doctor-1"),
  /** What `--engine auto` takes. */
  auto: Schema.Literals(engineNames),
  engines: Schema.Array(EngineStatus),
  machine: Schema.Struct({
    platform: Schema.String,
    processor: Schema.String,
    cores: Schema.Int,
    memoryBytes: Schema.Int,
    freeMemoryBytes: Schema.Int,
    /** As `nvidia-smi` tells: name, memory, driver; one a card. */
    nvidia: Schema.Array(Schema.String),
  }),
  /** Null where something is not installed. */
  versions: Schema.Struct({
    rapo: Schema.String,
    node: Schema.String,
    tfjs: Schema.String,
    tensorflow: Schema.NullOr(Schema.String),
    /** The npm package `webgpu`, which is a build of Dawn. */
    dawn: Schema.NullOr(Schema.String),
    /** What builds the native engine. */
    python: Schema.NullOr(Schema.String),
    pip: Schema.NullOr(Schema.String),
  }),
}) {}
