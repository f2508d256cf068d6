/**
 * Whether the add-on works: loaded in a process of its own, it multiplies.
 */
import { run } from "./command.ts"
import { folder } from "./folders.ts"

/** What the trial found. */
export type Trial =
  | { readonly _tag: "Works"; readonly tensorflow: string; readonly device: "cpu" | "cuda" }
  | { readonly _tag: "Fails"; readonly problem: string }

const program = `
  const util = require("node:util")
  util.isNullOrUndefined = (value) => value === null || value === undefined
  util.isArray = Array.isArray
  const [, built, cuda] = process.argv
  for (const library of JSON.parse(cuda))
    try { process.dlopen({ exports: {} }, library, 0x1002) } catch {}
  const tf = require(built)
  const product = tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync()
  if (product.some((x) => x !== 3)) throw new Error("it multiplies wrongly")
  const { binding, isUsingGpuDevice } = tf.backend()
  console.log(JSON.stringify({ tensorflow: binding.TF_Version, device: isUsingGpuDevice ? "cuda" : "cpu" }))
`

/** Tries the package in that folder. */
export const tryAddon = async (built: string, cuda: ReadonlyArray<string>): Promise<Trial> => {
  const ended = await run(process.execPath, ["--eval", program, built, JSON.stringify(cuda)], { cwd: folder })
  const line = ended.stdout.trim().split("\n").at(-1) ?? ""
  if (!ended.isFine || !line.startsWith("{"))
    return {
      _tag: "Fails",
      problem: ended.all.split("\n").find((said) => /error/i.test(said)) ?? ended.all.trim(),
    }
  return { _tag: "Works", ...(JSON.parse(line) as { tensorflow: string; device: "cpu" | "cuda" }) }
}
