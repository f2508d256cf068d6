/**
 * From judged policies to the summary: scores with intervals, the choice among coefficients, comparisons, findings.
 */
import { Seed } from "@rapo/distributions"
import type { Experiment } from "../config/Experiment.ts"
import { loraOf } from "../config/lora.ts"
import { type Lora, adapterSize } from "../model/lora/Lora.ts"
import { parameterCount } from "../model/Parameters.ts"
import type { Qwen2Config } from "../model/Qwen2Config.ts"
import type { Summary } from "../storage/Summary.ts"
import { versions } from "../versions.ts"
import { baseFamily, candidates } from "./arms.ts"
import type { Base } from "./base.ts"
import type { Course } from "./course/Course.ts"
import { findings } from "./findings.ts"
import type { Times } from "./openRun.ts"
import type { Outcome, TestSet } from "./outcome.ts"
import { areaUnderCurve, differenceCurve, passCurve } from "./score.ts"

/** What is known of a run besides its outcomes. */
export interface RunFacts {
  readonly experiment: Experiment
  readonly quick: boolean
  readonly base: Base
  readonly course: Course
  /** Those of the course, and Hard if there is any. */
  readonly sets: ReadonlyArray<TestSet>
  readonly times: Times
}

type SummaryData = (typeof Summary)["Type"]

/** The summary as it is written. `outcomes` holds the base's at least. */
export const summarise = (
  facts: RunFacts,
  outcomes: ReadonlyArray<Outcome>,
  engine: SummaryData["engine"],
  status: SummaryData["status"],
): SummaryData => {
  const { experiment, quick, base, course, sets, times } = facts
  const ordered = inOrder(experiment, outcomes)
  const [baseOutcome] = ordered
  if (baseOutcome === undefined) throw new Error("bug: a summary needs the base's outcome")
  const seed = Seed.child(Seed.fromInteger(experiment.seed), "bootstrap")
  const resamples = experiment.evaluation.bootstrap_resamples
  const chosen = chosenOf(ordered)
  const hard = baseOutcome.sets.get("hard")

  const known = {
    schema: "rapo-summary-1",
    status,
    name: experiment.name,
    description: experiment.description,
    quick,
    seed: experiment.seed,
    base: { source: base.source, path: base.path, parameters: parameterCount(base.model.config) },
    engine,
    versions,
    times: {
      started: times.started.toISOString(),
      wallSeconds: times.before + (Date.now() - times.began.getTime()) / 1000,
    },
    sets: sets.map(({ set, title, description, problems }) => ({
      set,
      title,
      description,
      problems: problems.length,
      samples: experiment.evaluation.samples,
    })),
    hard:
      hard === undefined
        ? null
        : {
            candidates: course.splits.hardCandidates.length,
            problems: hard.length,
            samples: experiment.evaluation.samples,
            solvedByFreshBase: hard.filter(({ correct }) => correct > 0).length,
          },
    arms: ordered.map((outcome) => armOf(outcome, baseOutcome, chosen.has(outcome), seed, resamples)),
    comparisons: comparisons(
      ordered.filter((outcome) => chosen.has(outcome)),
      seed,
      resamples,
    ),
    settings: settingsOf(experiment, base.model.config, course),
  } satisfies Omit<SummaryData, "findings">
  return { ...known, findings: findings(known) }
}

/** The base first, then arms as the experiment lists them, whatever the order in which they were finished. */
const inOrder = (experiment: Experiment, outcomes: ReadonlyArray<Outcome>): ReadonlyArray<Outcome> => {
  const names = [undefined, ...candidates(experiment.arms).map(({ name }) => name)]
  return names.flatMap((name) => outcomes.filter(({ candidate }) => candidate?.name === name))
}

const familyOf = ({ candidate }: Outcome): string => candidate?.family ?? baseFamily

/** Of each family, the outcome with the largest area under its validation curve. */
const chosenOf = (outcomes: ReadonlyArray<Outcome>): ReadonlySet<Outcome> => {
  const best = new Map<string, Outcome>()
  for (const outcome of outcomes) {
    const rival = best.get(familyOf(outcome))
    if (rival === undefined || areaUnderCurve(outcome.validation) > areaUnderCurve(rival.validation))
      best.set(familyOf(outcome), outcome)
  }
  return new Set(best.values())
}

const armOf = (
  outcome: Outcome,
  base: Outcome,
  isChosen: boolean,
  seed: Seed.Seed,
  resamples: number,
): SummaryData["arms"][number] => {
  const counts = [...outcome.sets.values()].flat()
  const total = (field: "samples" | "legal" | "tokens"): number =>
    counts.reduce((sum, count) => sum + count[field], 0)
  return {
    name: outcome.candidate?.name ?? "base",
    family: familyOf(outcome),
    label: outcome.candidate?.label ?? "base",
    objective: outcome.candidate?.objective.name ?? "none: the model before RL",
    chosen: isChosen,
    validation: areaUnderCurve(outcome.validation),
    divergedAt: outcome.divergedAt ?? null,
    sets: [...outcome.sets].map(([set, own]) => ({
      set,
      pass: passCurve(own, Seed.child(seed, set), resamples),
      difference:
        outcome === base
          ? null
          : differenceCurve(own, base.sets.get(set) ?? [], Seed.child(seed, set), resamples),
      counts: own.map(({ id, correct }) => ({ id, correct })),
    })),
    diagnostics: {
      ...outcome.diagnostics,
      legalRate: total("legal") / total("samples"),
      meanLength: total("tokens") / total("samples"),
    },
  }
}

/** RAPO against every other chosen arm, at both ends of the curve. */
const comparisons = (
  chosen: ReadonlyArray<Outcome>,
  seed: Seed.Seed,
  resamples: number,
): SummaryData["comparisons"] => {
  const rapo = chosen.find((outcome) => familyOf(outcome) === "RAPO")
  if (rapo === undefined) return []
  return chosen
    .filter((outcome) => outcome !== rapo && outcome.candidate !== undefined)
    .flatMap((other) =>
      [...rapo.sets].flatMap(([set, own]) => {
        const { k, points } = differenceCurve(
          own,
          other.sets.get(set) ?? [],
          Seed.child(seed, set),
          resamples,
        )
        return [...new Set([0, k.length - 1])].flatMap((at) => {
          const [kAt, difference] = [k[at], points[at]]
          return kAt === undefined || difference === undefined
            ? []
            : [
                {
                  set,
                  k: kAt,
                  arm: rapo.candidate?.name ?? "",
                  against: other.candidate?.name ?? "",
                  difference,
                },
              ]
        })
      }),
    )
}

const settingsOf = (
  { training, evaluation, seed, lora }: Experiment,
  model: Qwen2Config,
  { settings }: Course,
): SummaryData["settings"] => [
  ...settings,
  [
    "budget of each arm",
    `${training.steps} steps × ${training.prompts_per_step} prompts × ${training.group_size} samples`,
  ],
  [
    "optimiser",
    `AdamW, lr ${training.learning_rate}, ${training.warmup_steps} warm-up steps, clip ${training.clip_norm}`,
  ],
  ...loraSettings(loraOf(lora), model),
  ["updates per batch", `${training.updates_per_batch}`],
  ["sampling temperature", `${training.temperature} in training, ${evaluation.temperature} in evaluation`],
  ["samples per problem", `${evaluation.samples} in tests, ${evaluation.validation_samples} in validation`],
  [
    "intervals",
    `95% over problems: BCa bootstrap, of differences no shorter than Student's, with problems not drawn; ${evaluation.bootstrap_resamples} resamples`,
  ],
  ["choice of coefficients", "largest mean of pass@k over k = 1, 2, 4, … on the validation problems"],
  ["seed", `${seed}`],
]

const loraSettings = (lora: Lora | undefined, model: Qwen2Config): SummaryData["settings"] =>
  lora === undefined
    ? []
    : [
        [
          "LoRA",
          `rank ${lora.rank}, α ${lora.alpha}${lora.rankStabilised ? " (rsLoRA)" : ""}, on ${lora.targets.join(", ")}`,
        ],
        [
          "trained parameters",
          `${adapterSize(model, lora)} of ${parameterCount(model)}; the policies are adapters: use them with --model BASE --adapter checkpoints/ARM`,
        ],
      ]
