import type { Month } from '../../shared/core/time'
import { NEED_WORDS, type Need, ORGANISATION_WORDS, type OrganisationKind } from '../../shared/registry/words'
import { sumUnder } from '../../shared/report/content'
import type { Supply, SupplyRow } from '../../shared/report/view'
import { query, type Reader, underPath } from '../core/db'
import type { Region } from '../region/queries'
import { NOBODY, plus } from '../requirement/count'
import { countByVillage } from '../requirement/rollup'
import { workByVillage } from './work'

/** Where somebody may go: places of ours that are open to all. */
const SITE_KINDS = ['mutualAidPoint', 'canteen', 'centre'] as const
const SITES_MAX = 2000
export type Site = {
  placeName: string
  name: string
  kind: string
  needs: string
  openingHours: string
  address: string
}
type Row = Site & { regionPath: string }

/** 需求与供给: for a place and those right below it, what is asked for and owed, who is there to help, and where to go. */
export async function supplyOf(db: Reader, region: Region, month: Month): Promise<Supply> {
  const { gte, lt } = underPath(region.path)
  const [children, owed, work, waiting, sites, signed] = await Promise.all([
    db.region.findMany({ where: { parentId: region.id, validTo: null }, orderBy: [{ code: 'asc' }, { id: 'asc' }] }),
    countByVillage(db, region.path, month),
    workByVillage(db, region.path, month),
    query<{ path: string; many: bigint }>(
      db,
      `SELECT "regionPath" AS "path", COUNT(*) AS "many" FROM help_order
       WHERE "state" = 'open' AND "regionPath" >= $1 AND "regionPath" < $2 GROUP BY "regionPath"`,
      gte,
      lt,
    ),
    sitesUnder(db, region.path),
    db.report.count({ where: { regionId: region.id, kind: 'month', state: 'signed' } }),
  ])
  const rowOf = ({ id, name, path }: Pick<Region, 'id' | 'name' | 'path'>): SupplyRow => {
    const isIn = (village: string) => village.startsWith(path)
    const facts = sumUnder(work, path)
    const { due, visited } = [...owed]
      .filter(([village]) => isIn(village))
      .reduce((sum, [, one]) => plus(sum, one), NOBODY)
    return {
      ...{ regionId: id, regionName: name, due, missing: due - visited },
      ...{ elders: Number(facts.elders), members: Number(facts.members), seconds: Number(facts.seconds) },
      ...{ orders: Number(facts.orders), ordersDone: Number(facts.ordersDone) },
      waiting: waiting.filter((one) => isIn(one.path)).reduce((sum, one) => sum + Number(one.many), 0),
      sites: sites
        .filter((one) => isIn(one.regionPath))
        .map(({ name: site, kind, needs, openingHours }) => ({ name: site, kind, needs, openingHours })),
    }
  }
  return { month, total: rowOf(region), rows: children.map(rowOf), isOpen: signed > 0 }
}

/** The same sites as everybody may see them, place by place. */
export async function openSites(db: Reader, path: string): Promise<Site[]> {
  const sites = await sitesUnder(db, path)
  return sites.map(({ placeName, name, kind, needs, openingHours, address }) => ({
    ...{ placeName, name, kind, needs, openingHours, address },
  }))
}

async function sitesUnder(db: Reader, path: string): Promise<Row[]> {
  const { gte, lt } = underPath(path)
  const rows = await query<Row>(
    db,
    `SELECT o."regionPath", r."name" AS "placeName", o."name", o."kind", o."needs", o."openingHours", o."address"
     FROM organisation AS o JOIN region AS r ON r."id" = o."regionId"
     WHERE o."regionPath" >= $1 AND o."regionPath" < $2 AND o."active" AND o."kind" IN LIST($3)
     ORDER BY o."regionPath", o."kind", o."name" LIMIT ${SITES_MAX}`,
    gte,
    lt,
    [...SITE_KINDS],
  )
  return rows.map((row) => ({
    ...row,
    kind: ORGANISATION_WORDS[row.kind as OrganisationKind],
    needs: row.needs
      .split(',')
      .flatMap((one) => NEED_WORDS[one as Need] ?? [])
      .join('、'),
  }))
}
