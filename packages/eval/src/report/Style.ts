/**
 * The style sheet of a report: for wide screens and phones, light and dark, and paper.
 */
import type { ReportData } from "./Model.ts"
import * as Theme from "./Theme.ts"

// constructors

/**
 * The CSS of a report; it holds colours of the theme only, no text of the data.
 *
 * @category constructors
 * @since 0.1.0
 */
export const sheet = (data: ReportData): string =>
  [
    variables("light"),
    glyphs(data, "light"),
    layout,
    `@media screen and (prefers-color-scheme:dark){${variables("dark")}${glyphs(data, "dark")}${Theme.darkFigures(data)}}`,
    print,
  ].join("\n")

/**
 * The class of a family's legend entry.
 *
 * @category destructors
 * @since 0.1.0
 */
export const familyClass = (index: number): string => `family${index}`

// numerics

const variables = (mode: "light" | "dark"): string =>
  `:root{--ink:${Theme.ink[mode]};--quiet:${Theme.quiet[mode]};--line:${Theme.line[mode]};--paper:${Theme.paper[mode]};--ground:${ground[mode]};--mark:${Theme.families["reverse KL"]?.colour[mode] ?? Theme.ink[mode]}}`

const ground: Theme.Colour = { light: "#f5f6f8", dark: "#11141a" }

const glyphs = (data: ReportData, mode: "light" | "dark"): string =>
  [...Theme.familiesOf(data).values()]
    .map(({ colour }, index) => `.${familyClass(index)}{color:${colour[mode]}}`)
    .join("")

const layout = `
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:17px/1.6 ${Theme.font};-webkit-text-size-adjust:100%;text-rendering:optimizeLegibility}
main{max-width:1280px;margin:0 auto;padding:clamp(24px,6vw,64px) clamp(16px,4vw,40px) 72px}
h1{font-size:clamp(1.7rem,1.2rem + 2.2vw,2.6rem);line-height:1.15;letter-spacing:-.022em;font-weight:700;margin:0 0 .7em;max-width:24ch;text-wrap:balance;overflow-wrap:anywhere}
h2{font-size:1.35rem;line-height:1.25;letter-spacing:-.012em;margin:0 0 .3em}
section{margin-top:clamp(40px,6vw,64px)}
p,.findings,.notes,dl{max-width:68ch;overflow-wrap:anywhere}
p{margin:0 0 1em}
.lede{color:var(--quiet)}
.findings{margin:0;padding:0;list-style:none;counter-reset:finding}
.findings li{position:relative;padding:.55em 0 .55em 2.4em;border-top:1px solid var(--line)}
.findings li:last-child{border-bottom:1px solid var(--line)}
.findings li::before{counter-increment:finding;content:counter(finding);position:absolute;left:.3em;color:var(--mark);font-weight:700;font-variant-numeric:tabular-nums}
.notes{padding-left:1.2em}
.notes li{margin:.35em 0}
.panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,320px),1fr));gap:16px}
figure{margin:0;min-width:0;background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:14px 10px 14px;display:flex;flex-direction:column;align-items:center}
figure svg{width:100%;max-width:470px;height:auto;display:block;overflow:visible}
figcaption{width:100%;max-width:470px;padding:10px 6px 0;color:var(--quiet);font-size:.83rem;line-height:1.45;overflow-wrap:anywhere}
.legend{display:flex;flex-wrap:wrap;gap:.2em 1.5em;margin:0 0 1em;padding:0;list-style:none;font-size:.9rem;color:var(--quiet)}
.legend span{margin-right:.45em}
.scroll{overflow-x:auto;background:var(--paper);border:1px solid var(--line);border-radius:12px;margin-top:16px}
.scroll:focus-visible{outline:2px solid var(--mark);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.88rem;line-height:1.35}
caption{caption-side:top;text-align:left;padding:14px 16px 10px;font-weight:600}
th,td{padding:8px 16px;text-align:left;vertical-align:top;border-top:1px solid var(--line)}
thead th{color:var(--quiet);font-weight:500;white-space:nowrap}
tbody th{font-weight:400}
.numeric{font-variant-numeric:tabular-nums lining-nums}
.numeric td,.numeric thead th:not(:first-child){text-align:right;white-space:nowrap}
.numeric tbody th{position:sticky;left:0;background:var(--paper);min-width:9em}
td small{display:block;color:var(--quiet);font-size:.8em}
td,tbody th{overflow-wrap:anywhere}
dt{font-weight:600;margin-top:.9em}
dd{margin:.1em 0 0}
.formula{font-family:'Iowan Old Style',Palatino,Georgia,'Liberation Serif',serif;font-style:italic}
@media (max-width:560px){body{font-size:16px}figure{padding:12px 6px 12px}th,td{padding:7px 10px}.numeric tbody th{min-width:7em}}`

const print = `@media print{body{background:#fff;font-size:10.5pt}main{max-width:none;padding:0}figure,.scroll,tr,li{break-inside:avoid}h2{break-after:avoid}.panels{grid-template-columns:1fr 1fr}.scroll{overflow:visible}section{margin-top:24pt}}`
