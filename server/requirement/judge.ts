import { firstDayOf, lastDayOf, type Month } from '../../shared/core/time'
import { daysAsked, type ElderMonth, judgeMonth, type Requirement } from '../../shared/requirement/rules'
import type { Prisma, Reader } from '../core/db'
import { underPath } from '../core/db'
import { countiesOf, findLives, findRequirements, type JudgedLife, type RuleFilter } from './lives'

/** How many homes are read and judged at a time. */
const CHUNK = 1000

export type Judged = { life: JudgedLife; month: ElderMonth }
/** What a month is judged by. */
export type Ground = { month: Month; requirements: readonly Requirement[]; countyIds: readonly string[] }

export async function readGround(db: Reader, path: string, month: Month, filter: RuleFilter = {}): Promise<Ground> {
  const [requirements, countyIds] = await Promise.all([findRequirements(db, month, filter), countiesOf(db, path)])
  return { month, requirements, countyIds }
}

const sometimeIn = (month: Month) => ({
  validFrom: { lte: lastDayOf(month) },
  OR: [{ validTo: null }, { validTo: { gte: firstDayOf(month) } }],
})

/** A home somebody had on some day of the month. */
export function livedHere(month: Month): Prisma.ElderResidenceWhereInput {
  return sometimeIn(month)
}

/** Elders with a category, on some day of the month, that a requirement asks for: no other can be listed. */
export function maybeListed({ month, requirements }: Ground): Prisma.ElderWhereInput {
  return {
    categories: {
      some: { category: { in: [...new Set(requirements.map((one) => one.category))] }, ...sometimeIn(month) },
    },
  }
}

/** Visits of the month in the counties it is judged for. */
export function visitsOf({ month, countyIds }: Ground) {
  return { month, countyId: { in: [...countyIds] } }
}

export async function judgeElders(
  db: Reader,
  elderIds: readonly string[],
  { month, requirements }: Ground,
): Promise<Judged[]> {
  const lives = await findLives(db, elderIds, daysAsked(requirements, month))
  return lives.map((life) => ({ life, month: judgeMonth(life, requirements, life.visits, month) }))
}

/** The homes below a place of everybody a month may be about. */
export const homesIn = (path: string, ground: Ground): Prisma.ElderResidenceWhereInput => ({
  AND: [{ regionPath: underPath(path) }, livedHere(ground.month), { elder: maybeListed(ground) }],
})

type Home = { elderId: string; regionPath: string }
type From = { after?: Home | null; chunk?: number }

/**
 * These homes with what the month says of who lived there, by village and id from `after` on, `chunk` homes at a time; two
 * homes of somebody in one village are one.
 */
export async function* eachHome(
  db: Reader,
  homes: Prisma.ElderResidenceWhereInput,
  ground: Ground,
  { after = null, chunk = CHUNK }: From = {},
): AsyncGenerator<{ home: Home; judged: Judged }[]> {
  for (let last = after; ; ) {
    const read: Home[] = await db.elderResidence.findMany({
      where: {
        AND: [
          homes,
          last === null
            ? {}
            : {
                OR: [
                  { regionPath: { gt: last.regionPath } },
                  { regionPath: last.regionPath, elderId: { gt: last.elderId } },
                ],
              },
        ],
      },
      select: { elderId: true, regionPath: true },
      orderBy: [{ regionPath: 'asc' }, { elderId: 'asc' }],
      take: chunk,
    })
    const ids = read.map((home) => home.elderId)
    const judged = new Map((await judgeElders(db, ids, ground)).map((one) => [one.life.elderId, one]))
    yield read.flatMap((home, place) => {
      const [one, before] = [judged.get(home.elderId), read[place - 1]]
      const isTwice = before?.elderId === home.elderId && before.regionPath === home.regionPath
      return one === undefined || isTwice ? [] : [{ home, judged: one }]
    })
    last = read.at(-1) ?? null
    if (last === null || read.length < chunk) return
  }
}

/** Everybody of these homes a month is about, at the village of the last due day, each once: who moved has two homes in the month. */
export async function* eachJudged(
  db: Reader,
  homes: Prisma.ElderResidenceWhereInput,
  ground: Ground,
  from: From = {},
): AsyncGenerator<Judged[]> {
  for await (const some of eachHome(db, homes, ground, from))
    yield some.flatMap(({ home, judged }) => (judged.month.regionPath === home.regionPath ? [judged] : []))
}
