/**
 * Units: every spelling of each, and the powers of ten that are words.
 */

const entries: Readonly<Record<string, string>> = {
  mm: "mm millimeter millimeters millimetre millimetres",
  cm: "cm cms centimeter centimeters centimetre centimetres",
  dm: "dm decimeter decimeters decimetre decimetres",
  m: "m meter meters metre metres",
  km: "km kms kilometer kilometers kilometre kilometres",
  inch: "in inch inches",
  foot: "ft foot feet",
  yard: "yd yds yard yards",
  mile: "mi mile miles",
  second: "s sec secs second seconds",
  minute: "min mins minute minutes",
  hour: "h hr hrs hour hours",
  day: "day days",
  week: "week weeks",
  month: "month months",
  year: "yr yrs year years",
  mg: "mg milligram milligrams",
  g: "g gram grams",
  kg: "kg kgs kilogram kilograms",
  ton: "ton tons tonne tonnes",
  pound: "lb lbs pound pounds",
  ounce: "oz ounce ounces",
  mL: "ml mL milliliter milliliters millilitre millilitres",
  L: "l L liter liters litre litres",
  gallon: "gal gallon gallons",
  dollar: "dollar dollars usd USD $ bucks",
  cent: "cent cents ¢",
  euro: "euro euros EUR €",
  "pound-sterling": "gbp GBP £",
  yuan: "yuan rmb RMB",
  yen: "yen ¥",
  rupee: "rupee rupees ₹",
  unit: "unit units",
  degree: "degree degrees deg °",
  radian: "rad rads radian radians",
  mph: "mph",
  kph: "kph",
  N: "N newton newtons",
  J: "J joule joules",
  W: "W watt watts",
  V: "V volt volts",
  Hz: "Hz hertz",
  person: "person people persons",
  ordinal: "st nd rd th",
}

/** Compound units that have a word of their own. */
const compounds: ReadonlyMap<string, string> = new Map([
  ["mph", "mile/hour"],
  ["kph", "km/hour"],
])

const spellings: ReadonlyMap<string, string> = new Map(
  Object.entries(entries).flatMap(([unit, names]) =>
    names.split(" ").map((name): [string, string] => [name, compounds.get(unit) ?? unit]),
  ),
)

/** The normal form of a unit's name; a word that is not in the table stays as it is, in small letters. */
export const unitOf = (word: string): string =>
  spellings.get(word) ?? spellings.get(word.toLowerCase()) ?? word.toLowerCase()

/** Whether a word of prose or of two letters and more is a unit. */
export const isUnit = (word: string): boolean => spellings.has(word) || spellings.has(word.toLowerCase())

/** 3 million is 3 times 10^6: the exponents. */
export const multipliers: ReadonlyMap<string, number> = new Map([
  ["hundred", 2],
  ["thousand", 3],
  ["million", 6],
  ["billion", 9],
  ["trillion", 12],
])

/** Whether a number in words goes on after it and an "and": one hundred and five. */
export const isRound = (word: string): boolean => multipliers.has(word)

/** Words for percent. */
export const percents: ReadonlySet<string> = new Set("percent percents percentage pct".split(" "))

/** Words for powers of a unit: before it, "square feet", or after it, "feet squared". */
export const unitPowers: ReadonlyMap<string, number> = new Map([
  ["square", 2],
  ["sq", 2],
  ["squared", 2],
  ["cubic", 3],
  ["cu", 3],
  ["cubed", 3],
])
