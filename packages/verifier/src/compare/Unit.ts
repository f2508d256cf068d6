/**
 * Units as factors: a length of 2 km is 2000 times the unit metre.
 *
 *     form("km/h") = 1000/3600 · metre · second^{-1}
 *
 * Every unit of the table is an exact multiple of a base unit, so that 100 cm and 1 m are equal and 1 inch is 2.54 cm. A word that
 * is not in the table is its own base unit, without its plural s.
 */
import * as E from "fp-ts/lib/Either.js"
import * as Rational from "../Rational.ts"
import * as Atoms from "./Atoms.ts"
import type { Factor, Polynomial } from "./Polynomial.ts"
import * as P from "./Polynomial.ts"

// constructors

/**
 * The unit as a canonical form.
 *
 * @category constructors
 * @since 0.1.0
 */
export const form = (unit: string): Polynomial => {
  let coefficient = Rational.one
  const exponents = new Map<string, number>()
  for (const { name, exponent } of partsOf(unit)) {
    const known = table.get(name)
    const [factor, base] = known ?? [Rational.one, { [name]: 1 }]
    const power = Rational.power(factor, exponent)
    if (E.isRight(power)) coefficient = Rational.multiply(coefficient, power.right)
    for (const [dimension, k] of Object.entries(base))
      exponents.set(dimension, (exponents.get(dimension) ?? 0) + k * exponent)
  }
  const factors = Array.from(exponents)
    .filter(([, k]) => k !== 0)
    .map(([name, k]): Factor => ({
      atom: name === "π" ? Atoms.pi : Atoms.variable(`unit ${name}`),
      exponent: Rational.fromInteger(k),
    }))
    .toSorted((a, b) => (a.atom.key < b.atom.key ? -1 : 1))
  return P.fromTerm({ coefficient, factors })
}

/**
 * How many of one unit another is, where both measure the same: 1/60 for a minute in hours.
 *
 * @category destructors
 * @since 0.3.0
 */
export const ratio = (unit: string, other: string): Rational.Rational | undefined => {
  if (!isKnown(unit) || !isKnown(other)) return undefined
  const [[a], [b]] = [Array.from(form(unit).values()), Array.from(form(other).values())]
  return a !== undefined && b !== undefined && P.keyOfFactors(a.factors) === P.keyOfFactors(b.factors)
    ? Rational.Field.div(a.coefficient, b.coefficient)
    : undefined
}

// refinements

/**
 * Whether every part of a unit is in the table. Other words after a number are prose.
 *
 * @category refinements
 * @since 0.1.0
 */
export const isKnown = (unit: string): boolean => partsOf(unit).every(({ name }) => table.has(name))

// numerics

/** "cm^2", "mile/hour", "kg*m/s^2": names with exponents, negative after a slash. */
const partsOf = (unit: string): ReadonlyArray<{ readonly name: string; readonly exponent: number }> => {
  let sign = 1
  return (unit.match(/[^\s*/^]+(?:\^-?\d{1,3})?|\//g) ?? []).flatMap((part) => {
    if (part === "/" || part === "per") {
      sign = -1
      return []
    }
    const [name = "", exponent = "1"] = part.split("^")
    const lower = name.length <= 2 ? name : name.toLowerCase()
    return [{ name: singular(lower), exponent: sign * Number(exponent) }]
  })
}

const singular = (name: string): string => {
  const known = irregular.get(name)
  if (known !== undefined) return known
  return name.length > 2 && name.endsWith("s") && !name.endsWith("ss") ? name.slice(0, -1) : name
}

const irregular = new Map([
  ["feet", "foot"],
  ["inches", "inch"],
  ["pennies", "cent"],
  ["penny", "cent"],
])

type Dimensions = Readonly<Record<string, number>>

const entries = (
  base: Dimensions,
  ...units: ReadonlyArray<readonly [names: string, numerator: bigint, denominator?: bigint]>
): ReadonlyArray<readonly [string, readonly [Rational.Rational, Dimensions]]> =>
  units.flatMap(([names, numerator, denominator = 1n]) => {
    const factor = E.getOrElse(() => Rational.one)(Rational.fromFraction(numerator, denominator))
    return names.split(" ").map((name) => [name, [factor, base]] as const)
  })

const table: ReadonlyMap<string, readonly [Rational.Rational, Dimensions]> = new Map([
  ...entries(
    { metre: 1 },
    ["m metre meter", 1n],
    ["km kilometre kilometer", 1000n],
    ["dm decimetre decimeter", 1n, 10n],
    ["cm centimetre centimeter", 1n, 100n],
    ["mm millimetre millimeter", 1n, 1000n],
    ["in inch", 254n, 10_000n],
    ["ft foot", 3048n, 10_000n],
    ["yd yard", 9144n, 10_000n],
    ["mi mile", 1_609_344n, 1000n],
  ),
  ...entries(
    { second: 1 },
    ["s sec second", 1n],
    ["min minute", 60n],
    ["h hr hour", 3600n],
    ["day", 86_400n],
    ["week", 604_800n],
  ),
  ...entries({ metre: 1, second: -1 }, ["mph", 1_609_344n, 3_600_000n], ["kph kmh", 1000n, 3600n]),
  ...entries(
    { gram: 1 },
    ["g gram", 1n],
    ["kg kilogram", 1000n],
    ["mg milligram", 1n, 1000n],
    ["t ton tonne", 1_000_000n],
    ["lb pound", 45_359_237n, 100_000n],
    ["oz ounce", 45_359_237n, 1_600_000n],
  ),
  ...entries({ metre: 3 }, ["L l litre liter", 1n, 1000n], ["mL ml millilitre milliliter", 1n, 1_000_000n]),
  ...entries({ dollar: 1 }, ["dollar $ usd", 1n], ["cent ¢", 1n, 100n]),
  ...entries({ euro: 1 }, ["euro €", 1n]),
  ...entries({ yuan: 1 }, ["yuan ¥", 1n]),
  ...entries({ π: 1 }, ["degree deg °", 1n, 180n]),
  ...entries({}, ["rad radian", 1n]),
])
