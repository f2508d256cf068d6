/** A Vega-Lite specification as an SVG file: at the path given on the command line, or under `runs/examples/`. */
import * as fs from "node:fs"
import * as path from "node:path"
import { parse, View } from "vega"
import { compile, type TopLevelSpec } from "vega-lite"

export const plot = async (name: string, spec: TopLevelSpec): Promise<void> => {
  const file = process.argv[2] ?? `runs/examples/${name}.svg`
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, await new View(parse(compile(spec).spec), { renderer: "none" }).toSVG())
  console.log("wrote", file)
}
