import { Refusal, refuse } from '../../shared/core/refusals'
import { type RedemptionState, whyNotFulfil } from '../../shared/redemption/rules'
import type { Actor } from '../core/actor'
import { joined, type Settled, settled } from '../core/batch'
import { findBy, type RowOf, updateRows } from '../core/bulk'
import { type Db, driverOf, query, type Tx, transact } from '../core/db'
import { idFrom } from '../core/ids'
import { onceEach } from '../core/once'
import { logEach } from '../core/operation-log'
import { systemAccount } from '../ledger/accounts'
import { postHoldEach } from '../ledger/post'
import { ownPoints } from './policy'
import { holdIdOf } from './redeem'

type Redemption = RowOf<'Redemption'>
export type FulfilAsk = { actor: Actor; redemptionId: string; input: { id: string; pointId: string }; at: Date }

/**
 * Hands it over at the actor's own point; from here on the points are owed to the point.
 *
 * @param input.id the press, not the redemption
 * @throws Refusal NOT_ALLOWED, NOT_FOUND, REDEMPTION_FULFILLED (with when and where), …_EXPIRED, …_CANCELLED, …_OTHER_POINT
 */
export async function fulfil(
  db: Db,
  actor: Actor,
  redemptionId: string,
  input: { id: string; pointId: string },
  at: Date,
): Promise<{ id: string }> {
  return fulfilOne(db, { actor, redemptionId, input, at })
}

const fulfilOne = joined<FulfilAsk, { id: string }>({
  apart: ({ input, redemptionId }) => [input.id, redemptionId],
  work: (db, asks) => transact(db, (tx) => onceEach(tx, 'fulfil', asks, onceOf, (fresh) => handOver(tx, fresh))),
})

function onceOf({ actor, redemptionId, input, at }: FulfilAsk) {
  return { key: input.id, personId: actor.personId, input: { redemptionId, ...input }, at }
}

async function handOver(tx: Tx, asks: readonly FulfilAsk[]): Promise<Settled<{ id: string }>[]> {
  const redemptions = new Map((await findLocked(tx, asks)).map((one) => [one.id, one]))
  const points = new Map(
    (
      await findBy(
        tx,
        'RedemptionPoint',
        'id',
        [...redemptions.values()].map(({ pointId }) => pointId),
      )
    ).map((point) => [point.id, point]),
  )
  const handed: { ask: FulfilAsk; redemption: Redemption }[] = []
  const outcomes = asks.map((ask): Settled<{ id: string }> => {
    const redemption = redemptions.get(ask.redemptionId)
    const refusal = whyNot(ask, redemption, points.get(redemption?.pointId ?? '')?.name ?? '')
    if (refusal !== null || redemption === undefined)
      return { answer: null, refusal: refusal ?? new Refusal('NOT_FOUND') }
    handed.push({ ask, redemption })
    return settled({ id: redemption.id })
  })
  if (handed.length > 0) await write(tx, handed)
  return outcomes
}

function whyNot({ actor, input, at }: FulfilAsk, redemption: Redemption | undefined, pointName: string) {
  if (!ownPoints(actor).includes(input.pointId)) return new Refusal('NOT_ALLOWED')
  if (redemption === undefined) return new Refusal('NOT_FOUND')
  const code = whyNotFulfil({ ...redemption, state: redemption.state as RedemptionState }, input.pointId, at)
  if (code === null) return null
  return new Refusal(code, { resolvedAt: redemption.resolvedAt?.toISOString() ?? null, pointName })
}

async function write(tx: Tx, handed: readonly { ask: FulfilAsk; redemption: Redemption }[]): Promise<void> {
  const rows = handed.map(({ ask, redemption }) => ({
    id: redemption.id,
    state: 'fulfilled',
    resolvedAt: ask.at,
    fulfilledByPersonId: ask.actor.personId,
  }))
  if ((await updateRows(tx, 'redemption', ['id'], rows, 'held')) < rows.length) throw new Refusal('CHANGED_MEANWHILE')
  // A meal that costs no points holds none.
  const priced = handed.filter(({ redemption }) => redemption.priceMilliPoints > 0n)
  const due = new Map<string, string>()
  for (const { programmeId } of priced.map(({ redemption }) => redemption))
    if (!due.has(programmeId)) due.set(programmeId, await systemAccount(tx, programmeId, 'redemptionDue'))
  const posted = await postHoldEach(
    tx,
    priced.map(({ ask: { actor, input, at }, redemption }) => ({
      id: idFrom('POST', redemption.id),
      holdId: holdIdOf(redemption.id),
      to: due.get(redemption.programmeId) as string,
      byId: actor.personId,
      happenedAt: at,
      explanation: { pointId: input.pointId },
    })),
    new Date(Math.max(...handed.map(({ ask }) => ask.at.getTime()))),
  )
  // What the books refuse was held a moment ago: nobody's list is kept then, and each is asked for itself.
  for (const whyNot of posted) refuse(whyNot)
  await logEach(
    tx,
    handed.map(({ ask: { actor, input, at }, redemption }) => ({
      actor,
      at,
      action: 'fulfil',
      resource: 'redemption',
      resourceId: redemption.id,
      regionPath: redemption.regionPath,
      after: { pointId: input.pointId },
    })),
  )
}

/** In the order of their ids, so that no two lists wait for each other; on SQLite nobody else writes. */
function findLocked(tx: Tx, asks: readonly FulfilAsk[]): Promise<Redemption[]> {
  const lock = driverOf(tx).provider === 'postgresql' ? ' FOR NO KEY UPDATE' : ''
  return query<Redemption>(
    tx,
    `SELECT * FROM redemption WHERE "id" IN LIST($1) ORDER BY "id"${lock}`,
    asks.map(({ redemptionId }) => redemptionId),
  )
}
