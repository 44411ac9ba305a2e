"""Style sheet of the pages: one column on a phone, unbroken tables and figures in print."""

STYLE = """\
:root { color-scheme: light; --ink: #222; --soft: #595959; --line: #d9d9d9; --accent: #0072b2; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue",
  Arial, sans-serif; }
main { max-width: 70rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .75rem; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .4rem; }
p { margin: 0 0 .6rem; max-width: 46rem; overflow-wrap: break-word; }
.question { font-size: 1.05rem; color: var(--soft); }
.answer { border-left: 4px solid var(--accent); padding: .2rem 0 .2rem 1rem; margin: 1rem 0; }
.answer p { font-size: 1.05rem; }
.answer p:last-child { margin-bottom: 0; }
.disclaimer, .caption, figcaption, footer { color: var(--soft); font-size: .9rem; }
.disclaimer { border: 1px solid var(--line); border-radius: 4px; padding: .4rem .75rem;
  display: inline-block; color: var(--ink); }
.chart { min-width: 46rem; }
.warning { border: 1px solid #d55e00; padding: .5rem .75rem; }
figure { margin: 0; }
figure img { display: block; height: auto; width: 100%; max-width: calc(var(--dots) * .048rem);
  min-width: calc(var(--dots) * .036rem); }
figcaption { max-width: 46rem; margin-top: .5rem; }
.scroll { overflow-x: auto; }
.caption { margin-top: 1.2rem; }
h2 + .caption { margin-top: 0; }
table { border-collapse: collapse; font-size: .84rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem .3rem 0; text-align: left; vertical-align: bottom; }
td { white-space: nowrap; vertical-align: top; border-top: 1px solid #efefef; }
th { font-weight: 600; border-bottom: 1.5px solid var(--ink); }
tr.group td { border-top: 1px solid #8c8c8c; }
.number { text-align: right; padding-left: .7rem; }
th.number { min-width: 5.2rem; }
figure + p, section > figure:not(:first-child) { margin-top: 1rem; }
.whole { white-space: nowrap; }
dl { display: grid; grid-template-columns: minmax(7rem, 11rem) 1fr; gap: .3rem 1rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
ul { padding-left: 1.2rem; margin: 0; font-size: .9rem; columns: 24rem auto; column-gap: 2rem; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: .75rem; }
@media (max-width: 34rem) {
  body { font-size: 15px; }
  h1 { font-size: 1.4rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
}
@page { margin: 1.5cm; }
@media print {
  body { font-size: 9.5pt; line-height: 1.4; }
  h2 { margin-top: 1.2rem; }
  .question, .answer p { font-size: 1em; }
  main { max-width: none; padding: 0; }
  p, figcaption { max-width: none; }
  h2, h3, .caption { break-after: avoid; }
  figure, tr, .answer, .kept { break-inside: avoid; }
  figure img { min-width: 0; width: auto !important; max-width: 100%; max-height: 17cm; }
  .scroll { overflow: visible; }
  .screen { display: none; }
  table { font-size: 7pt; }
  th, td { padding-right: .4rem; }
  .number { padding-left: .4rem; }
  th.number { min-width: 0; }
}
"""
