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

/**
 * Everybody of these homes a month is about, at the village of the last due day, each once: who moved has two homes in the
 * month. By village and id from `after` on, `chunk` homes at a time.
 */
export async function* eachJudged(
  db: Reader,
  homes: Prisma.ElderResidenceWhereInput,
  ground: Ground,
  from: { after?: { regionPath: string; elderId: string } | null; chunk?: number } = {},
): AsyncGenerator<Judged[]> {
  const { chunk = CHUNK } = from
  let after = from.after ?? null
  for (;;) {
    const read: { elderId: string; regionPath: string }[] = await db.elderResidence.findMany({
      where: {
        AND: [
          homes,
          after === null
            ? {}
            : {
                OR: [
                  { regionPath: { gt: after.regionPath } },
                  { regionPath: after.regionPath, elderId: { gt: after.elderId } },
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
    yield read.flatMap(({ elderId, regionPath }) => {
      const one = judged.get(elderId)
      if (one?.month.regionPath !== regionPath) return []
      judged.delete(elderId) // two homes in one village are one elder
      return [one]
    })
    after = read.at(-1) ?? null
    if (after === null || read.length < chunk) return
  }
}
