/**
 * Runs a benchmark as users run the packages: compiled, without a loader.
 *
 *     npm run bench bench/solve.ts [-- arguments]
 *
 * A loader hook in the process changes what is measured: with tsx's, V8's `Math.exp` took 3.5 times as long (56 against 16 ns
 * on the machine of docs/engines.md; why is not known). So esbuild joins the benchmark and the workspace's sources into one file,
 * in which every `import.meta` still says where its own source stands.
 */
import * as fs from "node:fs"
import * as path from "node:path"
import { pathToFileURL } from "node:url"
import { build } from "esbuild"

const [name, ...rest] = process.argv.slice(2)
if (name === undefined || !fs.existsSync(name)) {
  console.error(`no benchmark ${name ?? "named"}; try: npm run bench bench/solve.ts`)
  process.exit(1)
}
const source = path.resolve(name)

/** Everything but the workspace's own packages is loaded from node_modules. */
const librariesOutside = {
  name: "libraries-outside",
  setup: ({ onResolve }) => {
    onResolve({ filter: /^[^./]/ }, ({ path: specifier, kind }) =>
      kind === "entry-point" || specifier.startsWith("@rapo/")
        ? undefined
        : { path: specifier, external: true },
    )
  },
}

/** `import.meta` of each source as it is when it is not bundled. */
const ownPlaces = {
  name: "own-places",
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, ({ path: file }) => ({
      loader: "ts",
      contents: fs
        .readFileSync(file, "utf8")
        .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(file).href))
        .replaceAll("import.meta.dirname", JSON.stringify(path.dirname(file))),
    }))
  },
}

const program = path.join(path.dirname(source), `.bench-${path.basename(source, ".ts")}-${process.pid}.mjs`)
await build({
  entryPoints: [source],
  outfile: program,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  conditions: ["@rapo/source"],
  plugins: [librariesOutside, ownPlaces],
  logLevel: "error",
})
process.once("exit", () => fs.rmSync(program, { force: true }))
process.argv = [process.argv[0], source, ...rest]
await import(pathToFileURL(program).href)
