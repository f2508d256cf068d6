/**
 * A run, begun or gone on with: its folder, its base model, and what of its work is done.
 *
 *     begin:   a new folder, and a first line that says what the run is begun with; the base, which may have to be made
 *     resume:  the same experiment, problems and base as then, or an error that says what differs;
 *              the record set back to the saves, so that no step stands in it twice
 *
 * The folder is the process's own until the scope ends.
 */
import { Effect, Path } from "effect"
import { Progress } from "../cli/Progress.ts"
import type { Experiment } from "../config/Experiment.ts"
import { sha256 } from "../data/readDataset.ts"
import { RunFolderError } from "../errors.ts"
import { weightsFingerprint } from "../model/checkpoint/fingerprint.ts"
import { type Journal, openJournal } from "../storage/Journal.ts"
import { lockFolder } from "../storage/lockFolder.ts"
import { rewind } from "../storage/rewind.ts"
import { type RunFolder, makeRunFolder, openRunFolder } from "../storage/RunFolder.ts"
import { removeSaves, saveFile } from "../storage/saves.ts"
import { resumptionLine, secondsBefore } from "../storage/sittings.ts"
import {
  BaseContent,
  type ContentOf,
  type Replaced,
  type RunStart,
  checkBase,
  checkData,
  metricsFile,
  plain,
} from "../storage/RunStart.ts"
import { readSave } from "../training/save/read.ts"
import type { Saved } from "../training/save/Save.ts"
import { versions } from "../versions.ts"
import { Workers } from "../workers/Workers.ts"
import type { Candidate } from "./arms.ts"
import { type Base, describeBase, keptBase } from "./base.ts"
import type { Course, Prospect } from "./course/Course.ts"

// model

/** See the module header. */
export interface Run {
  readonly folder: RunFolder
  readonly base: Base
  readonly journal: Journal
  /** Saves of arms that are begun, by their names. */
  readonly saves: ReadonlyMap<string, Saved>
  readonly times: Times
  /** Tells it from every other run. */
  readonly id: string
}

/** When a run was begun, when its sitting was, and the seconds of those before. */
export interface Times {
  readonly started: Date
  readonly began: Date
  readonly before: number
}

/** What makes a run, beside its problems and base. */
export interface RunMaking {
  readonly experiment: Experiment
  /** The experiment's file. */
  readonly file: string
  readonly replaced: Replaced
}

// constructors

/** Begins a run. */
export const beginRun = Effect.fn("beginRun")(function* <E, R>(
  making: RunMaking,
  parent: string,
  { course, givenBase, makeBase }: Prospect<E, R>,
) {
  const path = yield* Path.Path
  const { engine } = yield* Workers
  const started = new Date()
  const folder = yield* makeRunFolder(parent, making.experiment.name, started)
  yield* lockFolder(folder.path)
  yield* sayPlace(folder)
  const given = yield* givenBase
  const start: RunStart = {
    schema: "rapo-run-1",
    started: started.toISOString(),
    experiment: path.resolve(making.file),
    replaced: making.replaced,
    configuration: plain(making.experiment),
    engine,
    versions,
    ...(given === undefined ? {} : { base: yield* contentOf(given) }),
    data: dataOf(course),
  }
  yield* folder.record(start)
  const journal = yield* openJournal(folder.path)
  const base = given ?? (yield* made(makeBase(folder.path), folder, start, journal))
  return {
    folder,
    base,
    journal,
    saves: new Map(),
    times: { started, began: started, before: 0 },
    id: idOf(start),
  } satisfies Run
})

/** Goes on with a run. Its configuration has been compared. */
export const resumeRun = Effect.fn("resumeRun")(function* <E, R>(
  making: RunMaking,
  at: string,
  start: RunStart,
  { course, givenBase, makeBase }: Prospect<E, R>,
  arms: ReadonlyArray<Candidate>,
) {
  const path = yield* Path.Path
  const progress = yield* Progress
  const experimentFolder = path.dirname(making.file)
  const folder = yield* openRunFolder(at)
  yield* lockFolder(folder.path)
  yield* sayPlace(folder)
  yield* checkData(start.data, dataOf(course), (file) => path.resolve(experimentFolder, file))
  const journal = yield* openJournal(folder.path)
  const isGiven = start.base?.source === "checkpoint"
  // A base that was given is not made in its place.
  if (isGiven) yield* describeBase(making.experiment.base.checkpoint, making.file)
  const known = isGiven ? yield* givenBase : journal.has(baseEntry) ? yield* keptBase(folder.path) : undefined
  if (known !== undefined) yield* checkIsTheRuns(known, start, journal)
  const id = idOf(start)
  const saves = new Map<string, Saved>()
  for (const { name } of arms) {
    const file = saveFile(path, folder.path, name)
    const saved = journal.has(`trained/${name}`) ? undefined : yield* readSave(file, ownerOf(id, name))
    if (saved !== undefined) saves.set(name, saved)
  }
  const before = yield* secondsBefore(folder.path, start.started)
  const isTrained = (arm: string): boolean => journal.has(`trained/${arm}`)
  const stepsOf = yield* rewind(
    folder.path,
    (arm) => (isTrained(arm) ? Infinity : (saves.get(arm)?.steps ?? 0)),
    folder.write,
  )
  for (const [arm, { steps }] of saves)
    if (stepsOf(arm) !== steps)
      return yield* new RunFolderError({
        path: path.join(folder.path, metricsFile),
        field: arm,
        problem: `has ${stepsOf(arm)} of the ${steps} steps before the arm's save`,
        remedy: `Delete ${saveFile(path, folder.path, arm)}, and the arm is trained from its beginning.`,
      })
  const began = new Date()
  yield* folder.record(resumptionLine(began, before))
  const base = known ?? (yield* made(makeBase(folder.path), folder, start, journal))
  for (const { name, label } of arms)
    yield* progress.say(
      isTrained(name)
        ? `${label}: trained before`
        : saves.has(name)
          ? `${label}: goes on after ${saves.get(name)?.steps} of ${making.experiment.training.steps} steps`
          : `${label}: not begun`,
    )
  return {
    folder,
    base,
    journal,
    saves,
    times: { started: new Date(start.started), began, before },
    id,
  } satisfies Run
})

// destructors

/** Whose an arm's save is. */
export const saveOwner = ({ id }: Run, arm: string): string => ownerOf(id, arm)

// numerics

const ownerOf = (id: string, arm: string): string => `${arm} of run ${id}`

const idOf = (start: RunStart): string => sha256(JSON.stringify(start)).slice(0, 16)

const sayPlace = Effect.fnUntraced(function* ({ path }: RunFolder) {
  const progress = yield* Progress
  const { engine, size } = yield* Workers
  yield* progress.say(`run folder: ${path} (engine ${engine}, ${size} workers)`)
})

/** The name of a base that the run has made, in its journal. */
const baseEntry = "base"

/** Fails where a base is not what the run was begun with, or has made, which from now on it must be. */
const checkIsTheRuns = Effect.fnUntraced(function* (base: Base, start: RunStart, journal: Journal) {
  const content = yield* contentOf(base)
  const before = start.base ?? (yield* journal.once(baseEntry, BaseContent, Effect.succeed(content)))
  yield* checkBase(before, content, base.folder)
})

/** The base that the run makes, which then stands in the journal, and whose saves are gone. */
const made = <E, R>(make: Effect.Effect<Base, E, R>, folder: RunFolder, start: RunStart, journal: Journal) =>
  make.pipe(
    Effect.tap((base) => checkIsTheRuns(base, start, journal)),
    Effect.tap(() => removeSaves(folder.path)),
  )

/** The hashes of a base. */
const contentOf = Effect.fnUntraced(function* ({ source, folder, model }: Base) {
  const { tokenizerJson, tokenizerConfig, chatTemplate, rawConfig, generationConfig } = model
  return {
    source,
    weights: yield* weightsFingerprint(folder),
    description: sha256(
      JSON.stringify([tokenizerJson, tokenizerConfig, chatTemplate, rawConfig, generationConfig]),
    ),
  } satisfies BaseContent
})

/** The hashes of what a course comes from. */
const dataOf = ({ files, assignment }: Course): ReadonlyArray<ContentOf> => {
  const template = assignment._tag === "Task" ? [] : [JSON.stringify(assignment.form)]
  return [...files, ...template.map((text) => ({ file: "prompt.template", sha256: sha256(text) }))]
}
