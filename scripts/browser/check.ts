/**
 * Opens reports in a real browser, headless, and looks at what it made of them:
 *
 *     npm run example scripts/browser/check.ts -- report.html…
 *
 * Chromium is driven by its own flags (`--dump-dom`, `--enable-logging`), so that nothing has to be installed but Debian's package.
 * A page passes when its text is there, its figures are there, have a size and a description, the console is silent, and nothing
 * was asked of any network. Without Chromium the check says so and passes: CHROMIUM names another program.
 */
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { pathToFileURL } from "node:url"

const candidates = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
]

/** The program to drive; undefined where there is none. */
export const chromium = (): string | undefined =>
  candidates.find((each) => each !== undefined && fs.existsSync(each))

/** Windows: a desk's, and the narrowest that a phone has. */
const widths = [1280, 420]

/** A page that does not come to rest within this time, in milliseconds, has failed. */
const patience = 60_000

interface Seen {
  readonly dom: string
  readonly log: string
  readonly net: string
}

/** What is wrong with a page in a browser; no sentences when nothing is. */
export const pageProblems = (program: string, page: string): ReadonlyArray<string> =>
  widths.flatMap((width) => {
    const seen = open(program, page, width)
    if (typeof seen === "string") return [`${page}: ${seen}`]
    const { dom, log, net } = seen
    const figures = [...dom.matchAll(/<svg [^>]*>/g)].map(([tag]) => tag)
    const title = /<h1>([^<]*)<\/h1>/.exec(dom)?.[1] ?? ""
    const when = (holds: boolean, sentence: string): ReadonlyArray<string> =>
      holds ? [`${page} at ${width} pixels: ${sentence}`] : []
    return [
      ...when(title === "", "has no heading"),
      ...when(!/<h2>pass@k<\/h2>/.test(dom), "has no section on pass@k"),
      ...when(figures.length === 0, "has no figure"),
      ...when(
        figures.some((tag) => !/role="img"/.test(tag) || !/aria-label="[^"]{20,}"/.test(tag)),
        "has a figure without a description",
      ),
      ...when(!/<table/.test(dom), "has no table"),
      ...when(/NaN|undefined|Infinity/.test(textOf(dom)), "shows a number that is none"),
      ...[...log.matchAll(/CONSOLE[^\n]*/g)].map(([line]) => `${page} at ${width} pixels: ${line}`),
      ...requestsOf(net, dom).map((host) => `${page} at ${width} pixels: asked ${host} for something`),
    ]
  })

// numerics

const open = (program: string, page: string, width: number): Seen | string => {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "rapo-browser-"))
  const netLog = path.join(profile, "net.json")
  const run = spawnSync(
    program,
    [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--no-first-run",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
      `--user-data-dir=${profile}`,
      `--window-size=${width},2000`,
      "--enable-logging=stderr",
      `--log-net-log=${netLog}`,
      "--dump-dom",
      pathToFileURL(path.resolve(page)).href,
    ],
    { encoding: "utf8", timeout: patience, maxBuffer: 64 * 1024 * 1024 },
  )
  const net = fs.existsSync(netLog) ? fs.readFileSync(netLog, "utf8") : ""
  fs.rmSync(profile, { recursive: true, force: true })
  if (run.error !== undefined) return `the browser could not be run: ${run.error.message}`
  if (run.status !== 0) return `the browser ended with ${run.status}: ${run.stderr.slice(-400)}`
  return { dom: run.stdout, log: run.stderr, net }
}

const textOf = (dom: string): string =>
  dom.replaceAll(/<style>[\s\S]*?<\/style>/g, "").replaceAll(/<[^>]*>/g, " ")

/**
 * Hosts in the log of the network that the page names: what the page asked for. (A browser asks for its own updates too;
 * `--host-resolver-rules` lets none of it out.)
 */
const requestsOf = (net: string, dom: string): ReadonlyArray<string> =>
  [...new Set([...net.matchAll(/"host":"(?:\w+:\/\/)?([^":/]+)/g)].map(([, host]) => host ?? ""))].filter(
    (host) => host !== "" && dom.includes(host),
  )

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const program = chromium()
  const pages = process.argv.slice(2).filter((each) => each !== "--")
  if (program === undefined)
    console.log("browser check: skipped, there is no Chromium (apt-get install chromium)")
  else {
    const problems = pages.flatMap((page) => pageProblems(program, page))
    for (const problem of problems) console.error(`error: ${problem}`)
    if (problems.length > 0) process.exitCode = 1
    else console.log(`${pages.join(", ")}: opened at ${widths.join(" and ")} pixels without complaint`)
  }
}
