import { Refusal } from '../../shared/core/refusals'
import type { OriginView } from '../../shared/fund/view'
import { TRANSACTION_WORDS } from '../../shared/ledger/words'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import type { Db } from '../core/db'
import { idFrom } from '../core/ids'
import { regionNames } from '../region/queries'

type Taken = {
  transactionId: string
  kind: string
  refType: string
  refId: string
  happenedAt: Date
  milliPoints: bigint
  lotMilliPoints: bigint
}

/**
 * From a redemption back to the visits whose points it used up, lot by lot; and to the money that paid for it. What was only
 * promised has taken nothing yet.
 *
 * @throws Refusal NOT_FOUND outside the actor's regions
 */
export async function findOrigin(db: Db, actor: Actor, redemptionId: string): Promise<OriginView> {
  const redemption = await db.redemption.findFirst({ where: { id: redemptionId, ...inScope(actor, can('fund.read')) } })
  if (redemption === null) throw new Refusal('NOT_FOUND')
  const taken = await db.$queryRaw<Taken[]>`
    SELECT t."id" AS "transactionId", t."kind", t."refType", t."refId", t."happenedAt", e."lotMilliPoints",
      CAST(SUM(u."milliPoints") AS BIGINT) AS "milliPoints"
    FROM ledger_lot_use AS u JOIN ledger_transaction AS t ON t."id" = u."lotTransactionId"
      JOIN ledger_entry AS e ON e."transactionId" = u."lotTransactionId" AND e."no" = u."lotNo"
    WHERE u."transactionId" = ${idFrom('POST', redemptionId)}
    GROUP BY t."id", t."kind", t."refType", t."refId", t."happenedAt", e."lotMilliPoints" ORDER BY t."happenedAt", t."id"`
  const visits = await db.visit.findMany({
    where: { id: { in: taken.filter((one) => one.refType === 'visit').map((one) => one.refId) } },
    select: { id: true, day: true, serviceId: true, regionId: true, servedSeconds: true },
  })
  const [services, regions, line] = await Promise.all([
    db.service.findMany({
      where: { id: { in: visits.map((one) => one.serviceId) } },
      select: { id: true, name: true },
    }),
    regionNames(
      db,
      visits.map((one) => one.regionId),
    ),
    redemption.fundLineId === null ? null : db.fundLine.findUnique({ where: { id: redemption.fundLineId } }),
  ])
  const sources = taken.map(({ transactionId, kind, refId, happenedAt, milliPoints, lotMilliPoints }) => {
    const visit = visits.find((one) => one.id === refId)
    const servedSeconds = visit?.servedSeconds ?? 0
    return {
      transactionId,
      kindWord: TRANSACTION_WORDS[kind] ?? kind,
      happenedAt: new Date(happenedAt).toISOString(),
      milliPoints: String(milliPoints),
      visit:
        visit === undefined
          ? null
          : {
              id: visit.id,
              day: visit.day,
              serviceName: services.find((one) => one.id === visit.serviceId)?.name ?? '',
              regionName: regions.get(visit.regionId)?.name ?? '',
              servedSeconds,
              usedSeconds: Number((BigInt(servedSeconds) * BigInt(milliPoints)) / BigInt(lotMilliPoints)),
            },
    }
  })
  return {
    redemptionId,
    fundLineId: redemption.fundLineId,
    fundLineName: line?.name ?? null,
    costFen: redemption.costFen,
    sources,
    usedSeconds: sources.reduce((sum, one) => sum + (one.visit?.usedSeconds ?? 0), 0),
  }
}
