/**
 * A sample report, made by simulation: problems whose chance of success follows a power law that a "sharpness"
 * distorts, as training without a KL does. Its numbers are of no experiment.
 */
import { Seed } from "@rapo/distributions"
import { Bootstrap, PassAtK, PassCurve, type Report } from "@rapo/eval"
import * as E from "fp-ts/lib/Either.js"

interface Recipe {
  readonly name: string
  readonly family: string
  readonly label: string
  readonly chosen: boolean
  /** Above 1: easy problems become easier and hard ones harder. */
  readonly sharpness: number
  readonly gain: number
}

const recipes: ReadonlyArray<Recipe> = [
  { name: "base", family: "base", label: "base", chosen: true, sharpness: 1, gain: 1 },
  { name: "none", family: "no KL", label: "no KL", chosen: true, sharpness: 2.1, gain: 9 },
  {
    name: "rkl-0.1",
    family: "reverse KL",
    label: "reverse KL α=0.1",
    chosen: false,
    sharpness: 1.6,
    gain: 4.2,
  },
  {
    name: "rkl-0.3",
    family: "reverse KL",
    label: "reverse KL α=0.3",
    chosen: true,
    sharpness: 1.25,
    gain: 2,
  },
  { name: "k2-0.1", family: "reverse KL", label: "k2 α=0.1", chosen: false, sharpness: 1.65, gain: 4.4 },
  { name: "k2-0.3", family: "reverse KL", label: "k2 α=0.3", chosen: false, sharpness: 1.32, gain: 2.3 },
  {
    name: "k3-0.1",
    family: "forward KL",
    label: "k3 α=0.1 (naive)",
    chosen: false,
    sharpness: 1.3,
    gain: 2.3,
  },
  {
    name: "fkl-0.03",
    family: "forward KL",
    label: "forward KL α=0.03",
    chosen: false,
    sharpness: 1.55,
    gain: 3.9,
  },
  {
    name: "fkl-0.1",
    family: "forward KL",
    label: "forward KL α=0.1",
    chosen: true,
    sharpness: 1.28,
    gain: 2,
  },
  { name: "rapo-0.03", family: "RAPO", label: "RAPO α=0.03 φ=0.5", chosen: false, sharpness: 1.5, gain: 2.6 },
  { name: "rapo-0.1", family: "RAPO", label: "RAPO α=0.1 φ=0.8", chosen: true, sharpness: 1.3, gain: 1.9 },
]

const sets = [
  {
    set: "n4",
    title: "Four numbers",
    description: "Unseen problems of a level that training saw.",
    problems: 48,
    scale: 0.4,
    exponent: 2,
  },
  {
    set: "n5",
    title: "Five numbers",
    description: "One number more than in any training problem.",
    problems: 64,
    scale: 0.2,
    exponent: 3,
  },
  {
    set: "hard",
    title: "Hard",
    description:
      "Problems that the base failed 512 times. It is judged here by a fresh draw, because selection made the first one 0.",
    problems: 30,
    scale: 0.006,
    exponent: 2,
  },
]

const samples = 512
const resamples = 500

/** One problem's chance is the same in all arms, up to the distortion: the arms are paired. */
const tallies = (
  recipe: Recipe,
  set: (typeof sets)[number],
  seed: Seed.Seed,
): ReadonlyArray<PassAtK.Tally> => {
  const chances = Seed.generator(Seed.child(Seed.fromInteger(1), set.set))
  const luck = Seed.generator(Seed.child(seed, set.set))
  return Array.from({ length: set.problems }, (_, p) => {
    const base = set.scale * chances.uniform() ** set.exponent
    const chance = Math.min(0.97, recipe.gain * base ** recipe.sharpness)
    const correct = Array.from({ length: samples }, () => luck.uniform() < chance).filter(Boolean).length
    return { id: `${set.set}-${p}`, samples, correct }
  })
}

const right = <A>(value: E.Either<PassCurve.PassCurveError, A>): A => {
  if (E.isLeft(value)) throw new Error(PassCurve.showError(value.left))
  return value.right
}

const armOf = (recipe: Recipe, index: number): Report.ArmResult => ({
  name: recipe.name,
  family: recipe.family,
  label: recipe.label,
  chosen: recipe.chosen,
  sets: sets.map((set) => {
    const seed = Seed.child(Seed.fromInteger(2), recipe.name)
    const [own, base] = [tallies(recipe, set, seed), tallies(recipes[0] ?? recipe, set, Seed.fromInteger(3))]
    return {
      set: set.set,
      title: set.title,
      description: set.description,
      problems: set.problems,
      samples,
      pass: right(PassCurve.fromTallies(own, seed, Bootstrap.defaultLevel, resamples)),
      difference:
        recipe.family === "base"
          ? undefined
          : right(PassCurve.difference(own, base, seed, Bootstrap.defaultLevel, resamples)),
    }
  }),
  diagnostics: {
    entropy: 0.48 / recipe.sharpness,
    klPolicyBase: 0.1 * (recipe.sharpness - 1) ** 1.2,
    klBasePolicy: 0.3 * (recipe.sharpness - 1),
    legalRate: 0.93 + 0.005 * index,
    meanLength: 10.2 + 0.1 * index,
  },
})

const steps = 150

const trainingOf = (recipe: Recipe): ReadonlyArray<Report.TrainingPoint> => {
  const { uniform } = Seed.generator(Seed.child(Seed.fromInteger(4), recipe.name))
  return recipe.family === "base"
    ? []
    : Array.from({ length: steps }, (_, step) => {
        const progress = 1 - Math.exp((-3 * step) / steps)
        return {
          arm: recipe.name,
          step,
          reward: 0.2 + 0.06 * recipe.sharpness * progress + 0.12 * (uniform() - 0.5),
          entropy: 0.48 - 0.48 * (1 - 1 / recipe.sharpness) * progress + 0.03 * (uniform() - 0.5),
          kl: 0.3 * (recipe.sharpness - 1) * progress * (1 + 0.2 * (uniform() - 0.5)),
        }
      })
}

/** The sample, the same at every call. */
export const sampleReport = (): Report.ReportData => {
  const arms = recipes.map(armOf)
  return {
    title: "Does a KL keep what the base could do?",
    summary: [
      "Training without a KL raises pass@1 on four numbers, and loses to the base at 256 attempts.",
      "A KL to the frozen base keeps most of the large-k performance for part of the gain at one attempt.",
      "On the front, reverse KL, forward KL and RAPO cannot be told apart at this size.",
      "No arm solves more Hard problems than a fresh draw of the base.",
    ],
    arms,
    front: arms.flatMap(({ name, family, sets: results }) =>
      results.flatMap(({ set, pass }) => {
        const [x, y] = [pass.points[0], pass.points[pass.k.indexOf(256)]]
        return x === undefined || y === undefined ? [] : [{ arm: name, family, set, x, y, kLarge: 256 }]
      }),
    ),
    training: recipes.flatMap(trainingOf),
    settings: [
      ["Model", "2 layers, width 64, 83,840 parameters"],
      ["Steps", "150, each 16 problems × 16 responses"],
      ["Learning rate", "4e-4 (AdamW)"],
    ],
    notes: ["These numbers are simulated: they show the report, not an experiment."],
  }
}
