/**
 * Opens reports in a real browser, headless, and looks at what it made of them:
 *
 *     npm run example scripts/browser/check.ts -- report.html…
 *
 * | looked at | asked for |
 * |---|---|
 * | text | a heading, a section on pass@k, a table, no NaN, undefined or Infinity |
 * | figures | at least one; each is seen, has a size and a description of its own |
 * | console, network | silent; nothing but the page itself is loaded |
 * | a phone, 390 pixels | the page does not scroll sideways |
 * | dark mode | text and ground change places, and keep a contrast of 4.5 : 1 |
 * | print | a PDF of some pages |
 * | keyboard | Tab reaches the ways to sort the problems, where there are any; the space bar and the arrows choose one, and another table shows |
 *
 * Chromium is Debian's (CHROMIUM names another program), driven by Playwright. Without it the check says so and passes.
 */
import * as fs from "node:fs"
import * as path from "node:path"
import { pathToFileURL } from "node:url"
import { type Browser, type Page, chromium as playwright } from "playwright-core"

// constants

const candidates = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
]

/** A page that does not come to rest within this time, in milliseconds, has failed. */
const patience = 60_000

const desk = { width: 1280, height: 900 }
const phone = { width: 390, height: 844 }

/** WCAG 2.2, 1.4.3. */
const leastContrast = 4.5

/** More presses of Tab than a page has stops before its problems. */
const mostStops = 200

// destructors

/** The program to drive; undefined where there is none. */
export const chromium = (): string | undefined =>
  candidates.find((each) => each !== undefined && fs.existsSync(each))

/** What is wrong with a page in a browser; no sentences when nothing is. */
export const pageProblems = async (program: string, file: string): Promise<ReadonlyArray<string>> => {
  const browser = await playwright.launch({
    executablePath: program,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    timeout: patience,
  })
  try {
    const found = [
      ...(await looked(browser, file, desk, "light", atDesk)),
      ...(await looked(browser, file, phone, "light", onPhone)),
      ...(await looked(browser, file, desk, "dark", inTheDark)),
    ]
    return found.map((problem) => `${file}: ${problem}`)
  } finally {
    await browser.close()
  }
}

// numerics

type Look = (page: Page) => Promise<ReadonlyArray<string>>

const when = (holds: boolean, sentence: string): ReadonlyArray<string> => (holds ? [sentence] : [])

/** One look at a fresh page; whatever it says on the console, or asks of the network, is a problem too. */
const looked = async (
  browser: Browser,
  file: string,
  viewport: { readonly width: number; readonly height: number },
  colorScheme: "light" | "dark",
  look: Look,
): Promise<ReadonlyArray<string>> => {
  const address = pathToFileURL(path.resolve(file)).href
  const page = await browser.newPage({ viewport, colorScheme })
  page.setDefaultTimeout(patience)
  const heard: Array<string> = []
  page.on("console", (message) => heard.push(`the console says: ${message.text()}`))
  page.on("pageerror", (error) => heard.push(`an error: ${error.message}`))
  page.on("request", (request) => {
    const url = request.url()
    if (url !== address && !url.startsWith("data:")) heard.push(`asked for ${url}`)
  })
  await page.goto(address, { waitUntil: "load" })
  const found = await look(page)
  await page.close()
  return [...found, ...heard]
}

/** What runs inside the page is text: this program's types, and its compiler's helpers, are not there. */
interface SeenFigure {
  readonly isSeen: boolean
  readonly role: string | null
  readonly description: string
}

const atDesk: Look = async (page) => {
  const text = await page.innerText("body")
  const figures = await page.evaluate<ReadonlyArray<SeenFigure>>(
    `[...document.querySelectorAll("figure svg")].map((svg) => {
      const { width, height } = svg.getBoundingClientRect()
      return {
        isSeen: width > 50 && height > 50,
        role: svg.getAttribute("role"),
        description: svg.getAttribute("aria-label") ?? "",
      }
    })`,
  )
  const descriptions = new Set(figures.map(({ description }) => description))
  return [
    ...when((await page.locator("h1").innerText()).trim() === "", "has no heading"),
    ...when((await page.locator("h2", { hasText: "pass@k" }).count()) === 0, "has no section on pass@k"),
    ...when((await page.locator("table").count()) === 0, "has no table"),
    ...when(/\b(?:NaN|undefined|Infinity)\b/u.test(text), "shows a number that is none"),
    ...when(figures.length === 0, "has no figure"),
    ...when(
      figures.some(({ isSeen }) => !isSeen),
      "has a figure without a size",
    ),
    ...when(
      figures.some(({ role, description }) => role !== "img" || description.length < 20),
      "has a figure without a description",
    ),
    ...when(descriptions.size < figures.length, "describes two figures alike"),
    ...(await byKeyboard(page)),
    ...(await printed(page)),
  ]
}

const onPhone: Look = async (page) => {
  const [whole = 0, window = 0] = await page.evaluate<ReadonlyArray<number>>(
    "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
  )
  return when(whole > window, `is ${whole} pixels wide on a phone of ${window}`)
}

const inTheDark: Look = async (page) => {
  const colours = await page.evaluate<{ readonly text: string; readonly ground: string }>(`(() => {
    const heading = document.querySelector("h1")
    let ground = heading
    while (ground !== null && getComputedStyle(ground).backgroundColor.endsWith(", 0)")) ground = ground.parentElement
    return {
      text: heading === null ? "" : getComputedStyle(heading).color,
      ground: ground === null ? "rgb(255, 255, 255)" : getComputedStyle(ground).backgroundColor,
    }
  })()`)
  const [text, ground] = [luminance(colours.text), luminance(colours.ground)]
  return [
    ...when(ground > text, "is not dark in dark mode"),
    ...when(
      (text + 0.05) / (ground + 0.05) < leastContrast,
      "is hard to read in dark mode: the contrast of its heading is too low",
    ),
  ]
}

/** Relative luminance of a colour as style sheets compute it, "rgb(1, 2, 3)": WCAG 2.2. */
const luminance = (colour: string): number => {
  const parts = (colour.match(/[\d.]+/gu) ?? []).map((part) => Number(part) / 255)
  return [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
    const x = parts[i] ?? 0
    return sum + weight * (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
  }, 0)
}

/** The tables of problems are sorted without script: radio buttons choose which of them shows. */
const byKeyboard = async (page: Page): Promise<ReadonlyArray<string>> => {
  const ways = await page.locator("input[type=radio]").count()
  if (ways < 2) return []
  const shown = async (): Promise<string> =>
    (await page.locator("table:visible tbody th").allInnerTexts()).join("\n")
  const chosen = (): Promise<string> => page.evaluate<string>(`document.activeElement?.id ?? ""`)
  const isWay = (): Promise<boolean> =>
    page.evaluate<boolean>(`document.activeElement?.getAttribute("type") === "radio"`)
  for (let stop = 0; stop < mostStops && !(await isWay()); stop++) await page.keyboard.press("Tab")
  if (!(await isWay())) return ["the keyboard does not reach the ways to sort the problems"]
  const [from, before] = [await chosen(), await shown()]
  await page.keyboard.press("Space")
  const orders = new Set([before])
  for (let way = 1; way < ways; way++) {
    await page.keyboard.press("ArrowRight")
    orders.add(await shown())
  }
  return [
    ...when((await chosen()) === from, "the arrows do not choose another way to sort the problems"),
    ...when(
      orders.size < 2 && (await page.locator("table:visible tbody tr").count()) > 1,
      "sorting by keyboard changes nothing",
    ),
  ]
}

const printed = async (page: Page): Promise<ReadonlyArray<string>> => {
  const pdf = await page.pdf({ format: "A4" })
  const pages = [...pdf.toString("latin1").matchAll(/\/Type\s*\/Page\b(?!s)/gu)].length
  return when(!pdf.subarray(0, 5).equals(Buffer.from("%PDF-")) || pages === 0, "cannot be printed")
}

// the command

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const program = chromium()
  const files = process.argv.slice(2).filter((each) => each !== "--")
  if (program === undefined)
    console.log("browser check: skipped, there is no Chromium (apt-get install chromium)")
  else {
    const problems: Array<string> = []
    for (const file of files) problems.push(...(await pageProblems(program, file)))
    for (const problem of problems) console.error(`error: ${problem}`)
    if (problems.length > 0) process.exitCode = 1
    else
      console.log(
        `${files.join(", ")}: opened at a desk, on a phone, in the dark and in print without complaint`,
      )
  }
}
