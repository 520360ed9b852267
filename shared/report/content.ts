// A report's content: text only, complete in itself. Whatever is shown of a report, today or in five years, is made of it.
import { type Canonical, canonicalJson } from '../core/canonical'
import type { Month } from '../core/time'
import {
  FACT_KEYS,
  type Facts,
  type FigureKey,
  figureSpec,
  figureText,
  noFacts,
  periodWords,
  plusFacts,
  type ReportKind,
  spanOf,
  TEMPLATES,
  thenFacts,
} from './templates'

export type Figure = { key: string; label: string; unit: string; definition: string; value: string }
export type ReportPlace = { id: string; name: string; path: string; depth: string; values: string[] }
export type Change = { place: string; what: string; before: string; after: string }
/** Where the figures of a month come from: a signed report, or the records as they were that moment. */
export type Source = { month: string; place: string; report: string | null; version: string | null }
export type ReportContent = {
  v: '1'
  kind: string
  edition: string
  title: string
  period: string
  periodWords: string
  from: string
  to: string
  version: string
  place: { id: string; name: string; kindName: string }
  agency: string
  madeAt: string
  sections: { title: string; figures: Figure[] }[]
  columns: Omit<Figure, 'value'>[]
  places: ReportPlace[]
  monthColumns: Omit<Figure, 'value'>[]
  months: { month: string; values: string[] }[]
  sources: Source[]
  /** the elders behind the figures of a month, by number and hash; of each village too */
  elders: { count: string; digest: string; places: { path: string; digest: string }[] } | null
  /** the figures as whole numbers, village by village: what the next reports are made of */
  villages: { path: string; facts: Record<string, string> }[]
  /** against the version before; null in the first */
  changes: { against: string; elders: string; list: Change[] } | null
}

export type Place = { id: string; name: string; path: string; gone: boolean }
export type Made = {
  kind: ReportKind
  period: string
  version: number
  months: readonly Month[]
  /** the place itself first, then all below it in the order of their codes */
  places: readonly Place[]
  kindName: string
  agency: string
  at: Date
  /** village by village, month by month */
  byMonth: readonly ReadonlyMap<string, Facts>[]
  sources: readonly Source[]
  elders: { count: number; digest: string; places: ReadonlyMap<string, string> } | null
  before: { content: ReportContent; eldersChanged: number } | null
}

/** Puts a report together. Sum of the villages = town = county, for they are summed here and nowhere else. */
export function contentOf(made: Made): ReportContent {
  const { kind, period, months, places, byMonth } = made
  const template = TEMPLATES[kind]
  const [home] = places as [Place, ...Place[]]
  const villages = [...new Set(byMonth.flatMap((one) => [...one.keys()]))].sort()
  const whole = new Map(
    villages.map((path) => [
      path,
      byMonth.map((one) => one.get(path) ?? noFacts()).reduce((sum, one) => thenFacts(sum, one)),
    ]),
  )
  const total = sumUnder(whole, home.path)
  const base = depthOf(home.path)
  const rows = places.slice(1).flatMap((place): ReportPlace[] => {
    const facts = sumUnder(whole, place.path)
    if (place.gone && FACT_KEYS.every((key) => facts[key] === 0n)) return []
    const { id, name, path } = place
    return [{ id, name, path, depth: String(depthOf(path) - base), values: valuesOf(facts, template.columns) }]
  })
  const content: ReportContent = {
    v: '1',
    kind,
    edition: template.edition,
    title: `${home.name} ${periodWords(kind, period)}${template.title}`,
    period,
    periodWords: periodWords(kind, period),
    ...spanOf(months),
    version: String(made.version),
    place: { id: home.id, name: home.name, kindName: made.kindName },
    agency: made.agency,
    madeAt: made.at.toISOString(),
    sections: template.sections.map(({ title, figures }) => ({
      title,
      figures: figures.map((key) => ({ key, ...specOf(key), value: figureText(total, key) })),
    })),
    columns: template.columns.map((key) => ({ key, ...specOf(key) })),
    places: [
      { id: home.id, name: home.name, path: home.path, depth: '0', values: valuesOf(total, template.columns) },
      ...rows,
    ],
    monthColumns: template.months.map((key) => ({ key, ...specOf(key) })),
    months:
      template.months.length === 0
        ? []
        : months.map((month, place) => ({
            month,
            values: valuesOf(sumUnder(byMonth[place] ?? new Map(), home.path), template.months),
          })),
    sources: [...made.sources],
    elders:
      made.elders === null
        ? null
        : {
            count: String(made.elders.count),
            digest: made.elders.digest,
            places: [...made.elders.places].map(([path, digest]) => ({ path, digest })),
          },
    villages: [...whole].map(([path, facts]) => ({
      path,
      facts: Object.fromEntries(FACT_KEYS.filter((key) => facts[key] !== 0n).map((key) => [key, String(facts[key])])),
    })),
    changes: null,
  }
  if (made.before !== null)
    content.changes = {
      against: made.before.content.version,
      elders: String(made.before.eldersChanged),
      list: changesBetween(made.before.content, content),
    }
  return content
}

/** One text for one content. */
export const contentText = (content: ReportContent): string => canonicalJson(content as unknown as Canonical)
export const readContent = (text: string): ReportContent => JSON.parse(text) as ReportContent

/** The whole numbers of a month report, by village. */
export function factsIn(content: ReportContent): Map<string, Facts> {
  return new Map(
    content.villages.map(({ path, facts }) => [
      path,
      Object.fromEntries(FACT_KEYS.map((key) => [key, BigInt(facts[key] ?? '0')])) as Facts,
    ]),
  )
}

export function sumUnder(villages: ReadonlyMap<string, Facts>, path: string): Facts {
  let sum = noFacts()
  for (const [village, facts] of villages) if (village.startsWith(path)) sum = plusFacts(sum, facts)
  return sum
}

/** Every figure that reads differently, in words: of the whole, then place by place. */
function changesBetween(before: ReportContent, after: ReportContent): Change[] {
  const home = after.place.name
  const was = new Map(before.sections.flatMap((one) => one.figures).map((one) => [one.key, one.value]))
  const ofWhole = after.sections
    .flatMap((one) => one.figures)
    .flatMap(({ key, label, unit, value }) => change(home, `${label}（${unit}）`, was.get(key) ?? '—', value))
  const ids = [...new Set([...before.places.slice(1), ...after.places.slice(1)].map((one) => one.id))]
  const ofPlaces = ids.flatMap((id) => {
    const [old, now] = [before.places.find((one) => one.id === id), after.places.find((one) => one.id === id)]
    return after.columns.flatMap(({ key, label, unit }, place) => {
      const at = before.columns.findIndex((one) => one.key === key)
      return change(
        now?.name ?? old?.name ?? '',
        `${label}（${unit}）`,
        old?.values[at] ?? '—',
        now?.values[place] ?? '—',
      )
    })
  })
  return [...ofWhole, ...ofPlaces]
}

const change = (place: string, what: string, before: string, after: string): Change[] =>
  before === after ? [] : [{ place, what, before, after }]

function specOf(key: FigureKey) {
  const { label, unit, definition } = figureSpec(key)
  return { label, unit, definition }
}

const valuesOf = (facts: Facts, keys: readonly FigureKey[]) => keys.map((key) => figureText(facts, key))
const depthOf = (path: string) => path.split('/').length
