/**
 * The verifier on the graded answers of other projects: a table, and every disagreement.
 *
 *     npm run example scripts/verifier/oracles.ts [-- <suite>…]
 *
 * With names of suites, only these, with their disagreements in full.
 */
import { Verdict } from "@rapo/verifier"
import {
  type Disagreement,
  exists,
  folder,
  header,
  outcomeOf,
  showLine,
  suites,
} from "../../packages/verifier/test/oracles/suites.ts"

const asked = process.argv.slice(2)

const show = ({ row, verdict }: Disagreement): string => {
  const pred = JSON.stringify(row.pred)
  const shown = pred.length > longest ? `…${pred.slice(-longest)}` : pred
  const found = Verdict.foundText(verdict)
  const kind = row.expected === true ? "FALSE NEGATIVE" : "FALSE POSITIVE"
  return [
    `${kind} ${row.id}: ${row.note ?? ""}`,
    `    gold  ${JSON.stringify(row.gold)}`,
    `    pred  ${shown}`,
    `    found ${JSON.stringify(found ?? null)}`,
    `    ${Verdict.show(verdict)}`,
  ].join("\n")
}

/** A response's end says most. */
const longest = asked.length > 0 ? 1500 : 300

if (!exists()) console.log(`${folder} is not here`)
else {
  const chosen = suites().filter((suite) => asked.length === 0 || asked.includes(suite))
  const outcomes = chosen.map((suite) => ({
    suite,
    byDefault: outcomeOf(suite, "default"),
    bySuite: outcomeOf(suite, "suite"),
  }))
  for (const { suite, bySuite } of outcomes) {
    if (bySuite.disagreements.length > 0) console.log(`\n== ${suite}`)
    bySuite.disagreements.forEach((disagreement) => console.log(show(disagreement)))
  }
  console.log(`\n${header}`)
  outcomes.forEach(({ suite, byDefault, bySuite }) => console.log(showLine(suite, byDefault, bySuite)))
}
