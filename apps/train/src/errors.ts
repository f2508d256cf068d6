/**
 * What can go wrong for a user, as data: each error names the place, what is wrong there, and what to do about it.
 */
import { Schema } from "effect"

const details = {
  /** The file or folder concerned. */
  path: Schema.String,
  /** The field within it, such as "training.steps" or a tensor's name; empty when the whole file is meant. */
  field: Schema.String,
  problem: Schema.String,
  remedy: Schema.String,
}

/** The place, the fault and the remedy of an error. */
export interface Details {
  readonly path: string
  readonly field: string
  readonly problem: string
  readonly remedy: string
}

const sentence = ({ path, field, problem, remedy }: Details): string =>
  `${path}${field === "" ? "" : `: ${field}`}: ${problem}\n  ${remedy}`

/** The experiment file, or a flag that overrides it, cannot be used. */
export class ConfigError extends Schema.TaggedError<ConfigError>()("ConfigError", details) {
  override get message(): string {
    return sentence(this)
  }
}

/** A checkpoint folder cannot be read, or is not of the model that it should be. */
export class CheckpointError extends Schema.TaggedError<CheckpointError>()("CheckpointError", details) {
  override get message(): string {
    return sentence(this)
  }
}

/** The run's folder cannot be written or read. */
export class RunFolderError extends Schema.TaggedError<RunFolderError>()("RunFolderError", details) {
  override get message(): string {
    return sentence(this)
  }
}

/** The device cannot be used. */
export class EngineError extends Schema.TaggedError<EngineError>()("EngineError", details) {
  override get message(): string {
    return sentence(this)
  }
}

/** A worker thread stopped unexpectedly, a fault of this program; or refused a file, which is for its user to mend. */
export class WorkerError extends Schema.TaggedError<WorkerError>()("WorkerError", {
  problem: Schema.String,
  refusal: Schema.optionalKey(Schema.Struct(details)),
}) {
  override get message(): string {
    return this.refusal === undefined ? `a worker thread failed: ${this.problem}` : sentence(this.refusal)
  }
}

/** Every error that a command shows as one message, with exit code 1. */
export type UserError = ConfigError | CheckpointError | RunFolderError | EngineError | WorkerError

/** Why the system refused, in words; `tag` is that of a `PlatformError`'s reason. */
export const inWords = (tag: string): string =>
  ({
    NotFound: "there is no such path",
    PermissionDenied: "permission denied",
    AlreadyExists: "something else stands there",
    BadResource: "a file stands where a folder should be, or a folder where a file should be",
  })[tag] ?? tag
