/**
 * One arm's step on one worker thread and on two: wasm, RAPO, 128 completions of 16 tokens to 16 prompts.
 *
 *     npm run bench bench/parallel.ts [-- WIDTHxLAYERS …]      64x2 and 256x4, unless one says
 *
 * The sides take turns, a step each. "whole" is the step as a lone worker does it best, "halves" the same cut in two by `micro_batch`
 * and `sampling_batch`; a team of two works on the halves, and gets the numbers of one worker on the halves, bit for bit. Two
 * threads share a machine's caches and memory, so on two cores that are otherwise idle the ratio stays above one half.
 */
import { Rapo } from "@rapo/rapo"
import "@tensorflow/tfjs"
import { startWasm } from "../apps/train/src/engine/wasm/start.ts"
import { median } from "./compare.ts"
import { halves, startTeam } from "./team.ts"
import { configOf } from "./tinyModel.ts"

const [warmups, rounds] = [2, 9] as const
const asked = process.argv.slice(2).filter((argument) => /^\d+x\d+$/.test(argument))
const sizes = asked.length > 0 ? asked : ["64x2", "256x4"]

await startWasm()

const sides = [
  { name: "1 worker, whole", members: 1, memory: {} },
  { name: "1 worker, halves", members: 1, memory: halves },
  { name: "2 workers, halves", members: 2, memory: halves },
]

for (const size of sizes) {
  const [width = 0, layers = 0] = size.split("x").map(Number)
  const config = configOf(width, layers)
  const teams = sides.map(({ members, memory }) =>
    startTeam({ config, objective: Rapo.rapo, members, memory }),
  )
  const seconds = sides.map((): Array<number> => [])
  for (let round = -warmups; round < rounds; round++)
    for (const [i, team] of teams.entries()) {
      const time = await team.step()
      if (round >= 0) seconds[i]?.push(time)
    }
  for (const team of teams) await team.stop()
  const [whole = [], one = [], two = []] = seconds
  console.log(`width ${width}, ${layers} layers; median of ${rounds} rounds`)
  sides.forEach(({ name }, i) => {
    console.log(`  ${name}: ${(1000 * median(seconds[i] ?? [])).toFixed(0)} ms a step`)
  })
  for (const [name, alone] of [
    ["whole", whole],
    ["halves", one],
  ] as const) {
    const ratios = two.map((pair, round) => pair / (alone[round] ?? NaN))
    const [lowest, highest] = [Math.min(...ratios), Math.max(...ratios)]
    console.log(
      `  2 workers / 1 worker, ${name}: ${median(ratios).toFixed(2)} [${lowest.toFixed(2)}, ${highest.toFixed(2)}]`,
    )
  }
}
process.exit(0)
