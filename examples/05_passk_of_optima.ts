/**
 * 05: pass@k of the two optima, by theory alone.
 *
 * A prompt whose correct answers the reference gives with probability q: the optimum gives them with Q, and k samples
 * solve it with pass@k = 1 − (1 − Q)^k. Under a forward KL with α < 1 that is at least 1 − α^k, however small q is.
 */
import { OptimalBinary } from "@rapo/rapo"

const alpha = 0.5
const ks = [1, 4, 16, 64, 256, 1024]
const passAt = (k: number, correct: number): number => -Math.expm1(k * Math.log1p(-correct))
const row = (name: string, values: ReadonlyArray<string>): void =>
  console.log(name.padEnd(12), values.map((value) => value.padStart(7)).join(" "))

for (const q of [0.5, 0.01, 1e-6]) {
  if (q < 0.5) console.log()
  row(
    `q = ${q}`,
    ks.map((k) => `k=${k}`),
  )
  const policies = {
    reference: q,
    "reverse KL": OptimalBinary.reverse(q, alpha),
    "forward KL": OptimalBinary.forward(q, alpha),
  }
  for (const [name, correct] of Object.entries(policies))
    row(
      name,
      ks.map((k) => passAt(k, correct).toFixed(4)),
    )
  row(
    "1 − α^k",
    ks.map((k) => (1 - alpha ** k).toFixed(4)),
  )
}

/* Prints
q = 0.5          k=1     k=4    k=16    k=64   k=256  k=1024
reference     0.5000  0.9375  1.0000  1.0000  1.0000  1.0000
reverse KL    0.8808  0.9998  1.0000  1.0000  1.0000  1.0000
forward KL    0.8090  0.9987  1.0000  1.0000  1.0000  1.0000
1 − α^k       0.5000  0.9375  1.0000  1.0000  1.0000  1.0000

q = 0.01         k=1     k=4    k=16    k=64   k=256  k=1024
reference     0.0100  0.0394  0.1485  0.4744  0.9237  1.0000
reverse KL    0.0695  0.2502  0.6839  0.9900  1.0000  1.0000
forward KL    0.5098  0.9423  1.0000  1.0000  1.0000  1.0000
1 − α^k       0.5000  0.9375  1.0000  1.0000  1.0000  1.0000

q = 0.000001     k=1     k=4    k=16    k=64   k=256  k=1024
reference     0.0000  0.0000  0.0000  0.0001  0.0003  0.0010
reverse KL    0.0000  0.0000  0.0001  0.0005  0.0019  0.0075
forward KL    0.5000  0.9375  1.0000  1.0000  1.0000  1.0000
1 − α^k       0.5000  0.9375  1.0000  1.0000  1.0000  1.0000
*/
