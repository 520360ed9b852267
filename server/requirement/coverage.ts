import { percentText } from '../../shared/core/amounts'
import type { Month } from '../../shared/core/time'
import type { CoverageCounts } from '../../shared/requirement/rules'
import type { Coverage, CoverageRow } from '../../shared/requirement/view'
import type { Reader } from '../core/db'
import { numbersOf } from '../region/queries'
import { type SignedMonth, signedMonths } from '../report/frozen'
import { NOBODY, plus } from './count'
import type { RuleFilter } from './lives'
import { countByVillage } from './rollup'

export const DEFINITION = {
  coverage: '这个月至少有 1 次计入的探访的老人 ÷ 应访老人；住院、外出、去世、迁出和不要的另列。',
  fulfilment:
    '按期完成的次数 ÷ 要求的次数；每周、每季、每几天一次的按期算，算在这一期结束的月（周算在星期四所在的月）。',
}

/** A region's figures and those of the places right below it. */
export async function coverage(
  db: Reader,
  region: { id: string; path: string; name: string; kind: string },
  month: Month,
  filter: RuleFilter = {},
): Promise<Coverage> {
  const [villages, children, kinds, signed] = await Promise.all([
    countByVillage(db, region.path, month, filter),
    db.region.findMany({ where: { parentId: region.id }, orderBy: [{ code: 'asc' }, { no: 'asc' }] }),
    db.regionKind.findMany(),
    signedMonths(db, region.path, month),
  ])
  const kindName = (code: string) => kinds.find((kind) => kind.code === code)?.name ?? ''
  const rowOf = (place: { id: string; path: string; name: string; kind: string }) =>
    presentRow(place, kindName(place.kind), sumBelow(villages, place.path))
  return {
    month,
    regionId: region.id,
    total: rowOf(region),
    // a place that is gone is shown for the months in which it had elders
    rows: children
      .map((child) => ({ child, row: rowOf(child) }))
      .filter(({ child, row }) => child.validTo === null || row.due > 0)
      .map(({ row }) => row),
    definition: DEFINITION,
    signed: await showSigned(db, signed),
  }
}

async function showSigned(db: Reader, signed: readonly SignedMonth[]): Promise<Coverage['signed']> {
  const numbers = signed.map(({ regionPath }) => numbersOf(regionPath).at(-1) ?? 0)
  const places = await db.region.findMany({
    where: { no: { in: numbers } },
    select: { id: true, path: true, name: true },
  })
  return signed.flatMap(({ id, regionPath, version, signedAt }) => {
    const place = places.find(({ path }) => path === regionPath)
    if (place === undefined) return []
    return [{ reportId: id, regionId: place.id, regionName: place.name, version, signedAt: signedAt.toISOString() }]
  })
}

function sumBelow(villages: ReadonlyMap<string, CoverageCounts>, path: string): CoverageCounts {
  return [...villages]
    .filter(([village]) => village.startsWith(path))
    .reduce((sum, [, counts]) => plus(sum, counts), NOBODY)
}

function presentRow(place: { id: string; name: string }, kindName: string, counts: CoverageCounts): CoverageRow {
  const { due, visited, requirementsDue, requirementsMet, exits } = counts
  return {
    regionId: place.id,
    regionName: place.name,
    kindName,
    due,
    visited,
    missing: due - visited,
    coveragePercent: percentText(visited, due),
    requirementsDue,
    requirementsMet,
    fulfilmentPercent: percentText(requirementsMet, requirementsDue),
    exits,
  }
}
