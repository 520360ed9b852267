import type { RefusalCode } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { type Cost, canPay, payersOf, whyNotPaid } from '../../shared/fund/rules'
import { insertAll, type RowOf } from '../core/bulk'
import { driverOf, query, type Reader, type Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { pathsAbove } from '../region/queries'

type Line = RowOf<'FundLine'>
export type DrawAsk = Cost & { redemptionId: string; regionPath: string }
export type Drawn = { fundLineId: string | null; refusal: null } | { fundLineId: null; refusal: RefusalCode }

/** Lines of a year that may pay for people along these paths. */
export function findLines(db: Reader, paths: readonly string[], at: Date, lock = ''): Promise<Line[]> {
  const above = [...new Set(paths.flatMap(pathsAbove))]
  return query<Line>(
    db,
    `SELECT * FROM fund_line WHERE "regionPath" IN LIST($1) AND "year" = ${yearOf(at)} ORDER BY "id"${lock}`,
    above,
  )
}

export const yearOf = (at: Date) => Number(dayOf(at).slice(0, 4))

/**
 * Draws the cost of each redemption on the first line that pays for it and has enough left, in the transaction that promises
 * it. The lines are locked in the order of their ids, so that of many at once none draws what another has drawn.
 */
export async function drawEach(tx: Tx, asks: readonly DrawAsk[], at: Date): Promise<Drawn[]> {
  const costly = asks.filter(({ costFen }) => costFen > 0)
  if (costly.length === 0) return asks.map(() => ({ fundLineId: null, refusal: null }))
  const lock = driverOf(tx).provider === 'postgresql' ? ' FOR NO KEY UPDATE' : ''
  const lines = await findLines(
    tx,
    costly.map(({ regionPath }) => regionPath),
    at,
    lock,
  )
  const draws: { redemptionId: string; fundLineId: string; fen: number }[] = []
  const drawn = asks.map((ask): Drawn => {
    if (ask.costFen === 0) return { fundLineId: null, refusal: null }
    const near = lines.filter((one) => ask.regionPath.startsWith(one.regionPath))
    const line = payersOf(near, ask).find((one) => canPay(one, ask.costFen))
    if (line === undefined) return { fundLineId: null, refusal: whyNotPaid(near, ask) ?? 'FUND_EXHAUSTED' }
    line.drawnFen += BigInt(ask.costFen)
    draws.push({ redemptionId: ask.redemptionId, fundLineId: line.id, fen: ask.costFen })
    return { fundLineId: line.id, refusal: null }
  })
  await insertAll(
    tx,
    'fund_draw',
    draws.map((one) => ({ id: idFrom('DRAW', one.redemptionId), ...one, kind: 'draw', at })),
  )
  return drawn
}

/** Gives back what redemptions drew that nothing came of. */
export async function giveBackEach(tx: Tx, redemptionIds: readonly string[], at: Date): Promise<void> {
  const draws = await query<RowOf<'FundDraw'>>(
    tx,
    `SELECT * FROM fund_draw WHERE "redemptionId" IN LIST($1) AND "kind" = 'draw' ORDER BY "fundLineId"`,
    redemptionIds,
  )
  await insertAll(
    tx,
    'fund_draw',
    draws.map(({ redemptionId, fundLineId, fen }) => ({
      id: idFrom('RELEASE', redemptionId),
      redemptionId,
      fundLineId,
      fen: -fen,
      kind: 'release',
      at,
    })),
  )
}
