/**
 * WebAssembly's text, in the few phrases that a numeric kernel needs. Locals and parameters are i32, addresses and counts.
 */

/** The value of a local. */
export const get = (name: string): string => `(local.get $${name})`

export const set = (name: string, value: string): string => `(local.set $${name} ${value})`

export const i32 = (value: number): string => `(i32.const ${value})`

export const add = (a: string, b: string): string => `(i32.add ${a} ${b})`

export const sub = (a: string, b: string): string => `(i32.sub ${a} ${b})`

export const mul = (a: string, b: string): string => `(i32.mul ${a} ${b})`

export const equal = (a: string, b: string): string => `(i32.eq ${a} ${b})`

/** min(n, value). */
export const atMost = (n: number, value: string): string =>
  `(select ${i32(n)} ${value} (i32.lt_u ${i32(n)} ${value}))`

/** Bytes of so many float32 numbers. */
export const bytesOf = (numbers: string): string => `(i32.shl ${numbers} ${i32(2)})`

/** name += by */
export const advance = (name: string, by: string): string => set(name, add(get(name), by))

/** for (name = 0; name < to; name += step) body */
export const loop = (name: string, to: string, step: number, body: string): string => `
${set(name, i32(0))}
(block $${name}End (loop $${name}Next
  (br_if $${name}End (i32.ge_u ${get(name)} ${to}))
  ${body}
  ${advance(name, i32(step))}
  (br $${name}Next)))`

/** A function of i32 parameters, without a result. */
export const fn = (
  name: string,
  parameters: ReadonlyArray<string>,
  locals: { readonly [type in "i32" | "v128"]?: ReadonlyArray<string> },
  body: string,
): string => `
(func $${name} ${parameters.map((each) => `(param $${each} i32)`).join(" ")}
  ${Object.entries(locals)
    .flatMap(([type, names]) => names.map((each) => `(local $${each} ${type})`))
    .join(" ")}
  ${body})`

export const call = (name: string, ...values: ReadonlyArray<string>): string =>
  `(call $${name} ${values.join(" ")})`

export const when = (condition: string, body: string, otherwise?: string): string =>
  `(if ${condition} (then ${body})${otherwise === undefined ? "" : ` (else ${otherwise})`})`

/** Lines for i = 0, …, n − 1. */
export const times = (n: number, line: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => line(i)).join("\n")
