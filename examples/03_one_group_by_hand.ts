/**
 * 03: one RAPO group by hand. Four answers to one prompt, of one token each; the vocabulary has three tokens.
 *
 *     J = (1/G) Σ_i [ A_i ratio_i − α KL(π̂_i ‖ π) ],   π̂_i ∝ π_ref^φ(r_i),   φ(wrong) = φ_min, φ(right) = 1
 */
import { Dual } from "@rapo/distributions"
import { Advantage, Loss, Phi, Rapo, ReweightedReference } from "@rapo/rapo"

const answers = [2, 0, 0, 1] // token 2 is right
const rewards = answers.map((token) => (token === 2 ? 1 : 0))
const reference = [1, 0.5, -1] // logits
const policy = [1.2, 0.3, -0.9]
const show = (xs: ReadonlyArray<number>): string => xs.map((x) => x.toFixed(3).padStart(6)).join(" ")

const group = Advantage.standardised(rewards)
console.log(`advantages (${group._tag})`.padEnd(27), show(group.advantages))
for (const reward of [1, 0])
  console.log(
    `held to, for reward ${reward}`.padEnd(27),
    show(ReweightedReference.tokenLevel(Phi.binary(0.8), reward, reference).map(Math.exp)),
  )

/** The terms of the loss for a policy's logits. On-policy every ratio is 1: its value says nothing, its gradient all. */
const terms = (logits: ReadonlyArray<Dual.Dual>): Loss.Terms<Dual.Dual> =>
  Loss.terms(Dual.Real)(Rapo.withParameters({ alpha: 0.1, phiMinimum: 0.8 }))({
    logits: answers.map(() => [logits]),
    tokens: answers.map((token) => [token]),
    mask: answers.map(() => [1]),
    advantages: group.advantages,
    rewards,
    oldLogProbs: undefined, // on-policy
    referenceLogits: answers.map(() => [reference]),
    tokenCount: answers.length,
    sequenceCount: answers.length,
  })

console.log("KL to that, mean".padEnd(27), show([terms(policy.map(Dual.constant)).regulariser.value]))
console.log("loss".padEnd(27), show([terms(policy.map(Dual.constant)).loss.value]))
for (const term of ["policyGradient", "regulariser", "loss"] as const)
  console.log(`∂ ${term} / ∂ logits`.padEnd(27), show(Dual.gradient((z) => terms(z)[term])(policy)))

/* Prints
advantages (Informative)     1.500 -0.500 -0.500 -0.500
held to, for reward 1        0.574  0.348  0.078
held to, for reward 0        0.534  0.358  0.108
KL to that, mean             0.027
loss                         0.003
∂ policyGradient / ∂ logits -0.250 -0.125  0.375
∂ regulariser / ∂ logits     0.110 -0.090 -0.020
∂ loss / ∂ logits            0.261  0.116 -0.377
*/
