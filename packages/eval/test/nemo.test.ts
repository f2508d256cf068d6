/** pass@k and maj@k against the values that NeMo-RL's own tests assert. */
import * as fs from "node:fs"
import * as path from "node:path"
import { Majority, PassAtK } from "@rapo/eval"
import * as E from "fp-ts/lib/Either.js"
import { expect, test } from "vitest"

interface Case {
  readonly rewards: ReadonlyArray<number>
  readonly n: number
  readonly k: number
  readonly value: number
}

interface Golden {
  readonly pass_k: ReadonlyArray<Case>
  readonly cons_k: ReadonlyArray<Case & { readonly answers: ReadonlyArray<string> }>
}

const file = path.resolve(import.meta.dirname, "../../../../shared/data/golden/nemo-rl-loss.json")

const onGolden = (check: (data: Golden) => void): void => {
  if (fs.existsSync(file)) return check(JSON.parse(fs.readFileSync(file, "utf8")) as Golden)
  console.log("pass@k: NeMo-RL's values are not beside this repository, so nothing was compared")
}

/** Every n elements are one problem's. */
const chunks = <A>(xs: ReadonlyArray<A>, n: number): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: xs.length / n }, (_, i) => xs.slice(i * n, (i + 1) * n))

const meanOf = (xs: ReadonlyArray<number>): number => xs.reduce((a, b) => a + b, 0) / xs.length

const right = <L, A>(either: E.Either<L, A>): A => {
  if (E.isLeft(either)) throw new Error(`expected a right, got ${JSON.stringify(either.left)}`)
  return either.right
}

test("pass@k is NeMo-RL's", () => {
  onGolden(({ pass_k }) => {
    expect(pass_k).toHaveLength(5)
    for (const { rewards, n, k, value } of pass_k) {
      const ours = chunks(rewards, n).map((r) =>
        right(PassAtK.passAtK(n, r.filter((x) => x === 1).length, k)),
      )
      expect(meanOf(ours)).toBeCloseTo(value, 12)
    }
    console.log(`golden nemo-rl-loss.json, pass_k: ${pass_k.length} of ${pass_k.length} cases reproduced`)
  })
})

/** The subsets of size k of the numbers below n. */
const subsets = (n: number, k: number): ReadonlyArray<ReadonlyArray<number>> =>
  k === 0
    ? [[]]
    : Array.from({ length: n }, (_, last) => last).flatMap((last) =>
        subsets(last, k - 1).map((s) => [...s, last]),
      )

interface Sample {
  readonly answer: string
  readonly isRight: boolean
}

/** maj@k where a tie goes to the answer that was seen first, as in NeMo-RL. */
const firstSeenWins = (samples: ReadonlyArray<Sample>, k: number): number =>
  meanOf(
    subsets(samples.length, k).map((chosen) => {
      const drawn = chosen.flatMap((i) => samples.slice(i, i + 1))
      const count = ({ answer }: Sample): number => drawn.filter((other) => other.answer === answer).length
      const winner = drawn.reduce((best, next) => (count(next) > count(best) ? next : best))
      return Number(winner.isRight)
    }),
  )

test("maj@k is NeMo-RL's where nothing ties, and where something does, but for whom a tie goes to", () => {
  onGolden(({ cons_k }) => {
    expect(cons_k).toHaveLength(2)
    const reproduced = cons_k.filter(({ rewards, answers, n, k, value }) => {
      const problems = chunks(
        answers.map((answer, i) => ({ answer, isRight: rewards[i] === 1 })),
        n,
      )
      const ours = meanOf(
        problems.map((samples) =>
          right(
            Majority.majorityAtK(
              Majority.votesOf(
                samples.map(({ answer }) => answer),
                (answer) => samples.some((sample) => sample.answer === answer && sample.isRight),
              ),
              k,
            ),
          ),
        ),
      )
      expect(meanOf(problems.map((samples) => firstSeenWins(samples, k)))).toBeCloseTo(value, 12)
      return Math.abs(ours - value) < 1e-12
    })
    // the second has ties among its subsets, which ours shares out and theirs gives to the first
    expect(reproduced).toHaveLength(1)
    console.log(
      `golden nemo-rl-loss.json, cons_k: ${reproduced.length} of ${cons_k.length} cases reproduced, 1 differs as documented`,
    )
  })
})
