/** softplus(x) = ln(1 + e^x), without overflow: max(x, 0) + ln(1 + e^{-|x|}); its derivative is the logistic of x. */
import { Real } from "@rapo/distributions"

export const softplus =
  <A>(R: Real.Real<A>) =>
  (x: A): A => {
    const negated = Real.neg(R)(x)
    return R.add(R.max(x, R.zero), R.log(R.add(R.one, R.exp(Real.neg(R)(R.max(x, negated))))))
  }
