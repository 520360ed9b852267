import { Prisma, type Reader } from '../core/db'
import { ENDED } from './work'

/**
 * Points earned by visits and spent on redemptions of the places below a path, in a span of time; reversals count against.
 * The ledger knows no places, so the visits and redemptions are asked, which carry what was posted for them.
 */
export async function findAwarded(
  db: Reader,
  path: string,
  span: { from: Date; to: Date },
): Promise<{ issued: bigint; redeemed: bigint }> {
  const until = `${path.slice(0, -1)}0`
  const [issued] = await db.$queryRaw<{ sum: bigint | number | string | null }[]>`
    SELECT CAST(SUM(v."awardedMilliPoints") AS BIGINT) AS "sum" FROM visit v
    WHERE v."state" IN (${Prisma.join(ENDED)}) AND v."regionPath" >= ${path} AND v."regionPath" < ${until} AND v."checkInAt" >= ${span.from} AND v."checkInAt" < ${span.to}`
  const [redeemed] = await db.$queryRaw<{ sum: bigint | number | string | null }[]>`
    SELECT CAST(SUM(r."priceMilliPoints") AS BIGINT) AS "sum" FROM redemption r
    WHERE r."regionPath" >= ${path} AND r."regionPath" < ${until} AND r."state" = 'fulfilled' AND r."resolvedAt" >= ${span.from} AND r."resolvedAt" < ${span.to}`
  return { issued: BigInt(issued?.sum ?? 0), redeemed: BigInt(redeemed?.sum ?? 0) }
}
