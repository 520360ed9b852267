#!/usr/bin/env node
// node tools/regions.mjs 371003 [--out file]: writes the real tree of a county or city, to be committed as an extract.
import { parseArgs } from 'node:util'
import { tsImport } from 'tsx/esm/api'

const { positionals, values } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } })
const [code] = positionals
if (code === undefined) {
  console.error('usage: node tools/regions.mjs <code of 2, 4, 6, 9 or 12 digits> [--out file]')
  process.exit(2)
}
const { extractDivision, writeExtract } = await tsImport('../server/region/division.ts', import.meta.url)
const extract = await extractDivision(code, (step) => console.error(step)).catch((error) => {
  console.error(error.code === 'REGION_UNKNOWN' ? `no region has the code ${code}` : error.message)
  process.exit(1)
})
const below = Object.keys(extract.names).filter((one) => one.startsWith(code) && one !== code)
const counts = Object.entries({ cities: 4, counties: 6, towns: 9, villages: 12 })
  .map(([word, digits]) => [below.filter((one) => one.length === digits).length, word])
  .filter(([count]) => count > 0)
const path = await writeExtract(extract, values.out)
const summary = counts.map((one) => one.join(' ')).join(', ')
console.log(`${code} ${extract.names[code]}: ${summary} (statistics of ${extract.statisticsDate}) → ${path}`)
