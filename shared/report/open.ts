// 公示: what everybody may see of a signed month. Numbers of few people are left out, and so is what they could be reckoned from.
import { factsIn, type ReportContent, sumUnder } from './content'
import { type Facts, type FigureKey, figureSpec, figureText, isRate, RATES } from './templates'

/** Counted in people, or asked for by as many at most: below the least number they are not shown. */
const OF_PEOPLE: readonly FigureKey[] = ['elders', 'members', 'due', 'visited', 'orders', 'ordersDone']
export const OPEN_COLUMNS: readonly FigureKey[] = [
  'elders',
  'members',
  'due',
  'coverage',
  'fulfilment',
  'visits',
  'seconds',
  'manualShare',
  'orders',
  'ordersDone',
]
/** What stands where a number would tell of few people. */
export const HIDDEN = '不公布'

export type OpenFigures = {
  title: string
  period: string
  version: string
  agency: string
  columns: { label: string; unit: string; definition: string }[]
  total: string[]
  /** the places right below */
  rows: { name: string; values: string[] }[]
}

/** @param least people a number must be of, 5 or more */
export function openFigures(content: ReportContent, least: number): OpenFigures {
  const villages = factsIn(content)
  const [home, ...below] = content.places
  const children = below.filter((one) => one.depth === '1')
  const factsOf = (path: string) => sumUnder(villages, path)
  const rows = children.map(({ name, path }) => ({ name, facts: factsOf(path) }))
  const hidden = OPEN_COLUMNS.map((key) =>
    hiddenIn(
      rows.map((one) => one.facts),
      key,
      least,
    ),
  )
  const whole = factsOf(home?.path ?? '/')
  return {
    title: `${content.place.name} ${content.periodWords}为老服务公示`,
    period: content.periodWords,
    version: content.version,
    agency: content.agency,
    columns: OPEN_COLUMNS.map(figureSpec),
    total: OPEN_COLUMNS.map((key) => (isOfFew(whole, key, least) ? HIDDEN : figureText(whole, key))),
    rows: rows.map(({ name, facts }, place) => ({
      name,
      values: OPEN_COLUMNS.map((key, column) => (hidden[column]?.has(place) ? HIDDEN : figureText(facts, key))),
    })),
  }
}

/** The rows of a column that stay out: those of few people, and where that is one alone, the smallest other beside it. */
function hiddenIn(rows: readonly Facts[], key: FigureKey, least: number): Set<number> {
  const few = rows.flatMap((facts, place) => (isOfFew(facts, key, least) ? [place] : []))
  const [only] = few
  if (few.length !== 1 || only === undefined) return new Set(few)
  const others = rows
    .map((facts, place) => ({ place, size: peopleOf(facts, key) }))
    .filter((one) => one.place !== only && one.size > 0n)
    .sort((a, b) => (a.size < b.size ? -1 : 1))
  return new Set([only, ...(others[0] === undefined ? [] : [others[0].place])])
}

/** Nobody at all tells of nobody; one to a few people do. A share or an amount is as personal as those it is of. */
function isOfFew(facts: Facts, key: FigureKey, least: number): boolean {
  const people = peopleOf(facts, key)
  return people > 0n && people < BigInt(least)
}

function peopleOf(facts: Facts, key: FigureKey): bigint {
  if (key === 'visited') return facts.due
  if (OF_PEOPLE.includes(key)) return facts[key as keyof Facts]
  if (isRate(key)) return RATES[key].of[1] === 'visits' ? facts.elders : facts.due
  return facts.elders
}
