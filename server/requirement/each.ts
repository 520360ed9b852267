import type { Month } from '../../shared/core/time'
import type { Reader } from '../core/db'
import { underPath } from '../core/db'
import { type Ground, type Judged, judgeElders, livedHere, maybeListed } from './elders'

/** How many homes are read and judged at a time. */
const CHUNK = 1000

const homesOf = (ground: Ground, path: string, month: Month) => ({
  AND: [{ regionPath: underPath(path) }, livedHere(month), { elder: maybeListed(ground) }],
})

/** How many homes `eachJudged` will look at. */
export function countHomes(db: Reader, path: string, ground: Ground): Promise<number> {
  return db.elderResidence.count({ where: homesOf(ground, path, ground.month) })
}

/** Everybody a month is about, at the village of the last due day, each once; a thousand homes at a time. */
export async function* eachJudged(db: Reader, path: string, ground: Ground): AsyncGenerator<Judged[]> {
  let after: { regionPath: string; elderId: string } | null = null
  for (;;) {
    const homes: { elderId: string; regionPath: string }[] = await db.elderResidence.findMany({
      where: {
        AND: [
          homesOf(ground, path, ground.month),
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
      take: CHUNK,
    })
    const judged = new Map(
      (
        await judgeElders(
          db,
          homes.map((home) => home.elderId),
          ground,
        )
      ).map((one) => [one.life.elderId, one]),
    )
    yield homes.flatMap(({ elderId, regionPath }) => {
      const one = judged.get(elderId)
      if (one?.month.regionPath !== regionPath) return []
      judged.delete(elderId) // two homes in one village are one elder
      return [one]
    })
    after = homes.at(-1) ?? null
    if (after === null || homes.length < CHUNK) return
  }
}
