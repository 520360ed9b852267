import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { AddPairingInput, agreePairingInput, endPairingInput } from '../../shared/pairing/input'
import { whyNotAlone } from '../../shared/service/minors'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import { insertRows } from '../core/bulk'
import { type Db, type Tx, transact } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { findElderToChange } from '../elder/find'
import { settingsAt } from '../region/settings'
import type { Pairing } from './queries'

/**
 * 结对: this helper looks after this elder from a day on; the plan sends the helper first.
 * @throws Refusal NOT_FOUND, ELDER_ENDED, PAIR_MEMBER, PAIR_SELF, MINOR_ALONE, DATE_IN_FUTURE, PAIR_OPEN
 */
export async function addPairing(db: Db, actor: Actor, input: AddPairingInput, at: Date): Promise<{ id: string }> {
  return transact(db, (tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'addPairing', input, at }, async () => {
      const { id, elderId, memberId, sinceDay } = input
      const elder = await findElderToChange(tx, actor, elderId)
      refuse(elder.endedDay === null ? null : 'ELDER_ENDED', { field: 'elderId' })
      const member = await tx.member.findFirst({ where: { id: memberId, ...inScope(actor, can('elder.keep')) } })
      if (member === null) throw new Refusal('NOT_FOUND', { field: 'memberId' })
      if (member.state !== 'active') throw new Refusal('PAIR_MEMBER', { field: 'memberId' })
      if (member.personId === elder.personId) throw new Refusal('PAIR_SELF', { field: 'memberId' })
      const { birthDate } = await tx.person.findUniqueOrThrow({ where: { id: member.personId } })
      const { minorsAloneFromAge } = await settingsAt(tx, elder.regionPath, dayOf(at))
      refuse(whyNotAlone(birthDate, { traits: '' }, dayOf(at), minorsAloneFromAge), { field: 'memberId' })
      refuse(sinceDay > dayOf(at) ? 'DATE_IN_FUTURE' : null, { field: 'sinceDay' })
      const row = {
        ...{ id, elderId, memberId, sinceDay, regionPath: elder.regionPath, agreementNo: '' },
        ...{ byPersonId: actor.personId, recordedAt: at },
      }
      // who pairs the same two at this moment meets the index
      if ((await insertRows(tx, 'pairing', [row])) === 0) throw new Refusal('PAIR_OPEN', { field: 'memberId' })
      await logOf(tx, actor, row, 'pair', at, { elderId, memberId, sinceDay })
      return { id }
    }),
  )
}

/** The written agreement was signed. Written again it is corrected, and the log keeps what stood there. */
export async function agreePairing(
  db: Db,
  actor: Actor,
  id: string,
  input: z.output<typeof agreePairingInput>,
  at: Date,
): Promise<{ id: string }> {
  return transact(db, async (tx) => {
    const pair = await findPair(tx, actor, id)
    const { agreedDay, agreementNo } = input
    refuse(agreedDay > dayOf(at) ? 'DATE_IN_FUTURE' : null, { field: 'agreedDay' })
    refuse(agreedDay < pair.sinceDay ? 'DATE_ORDER' : null, { field: 'agreedDay' })
    if (pair.agreedDay === agreedDay && pair.agreementNo === agreementNo) return { id }
    await changeOpen(tx, id, { agreedDay, agreementNo })
    await logOf(tx, actor, pair, 'agree', at, { agreedDay, agreementNo })
    return { id }
  })
}

/** They part, with a reason; what was stays to be seen. */
export async function endPairing(
  db: Db,
  actor: Actor,
  id: string,
  { endedDay, reason }: z.infer<typeof endPairingInput>,
  at: Date,
): Promise<{ id: string }> {
  return transact(db, async (tx) => {
    const pair = await findPair(tx, actor, id)
    if (pair.endedDay === endedDay && pair.endReason === reason) return { id }
    refuse(endedDay > dayOf(at) ? 'DATE_IN_FUTURE' : null, { field: 'endedDay' })
    refuse(endedDay < pair.sinceDay ? 'DATE_ORDER' : null, { field: 'endedDay' })
    await changeOpen(tx, id, { endedDay, endReason: reason })
    await logOf(tx, actor, pair, 'endPair', at, { endedDay, reason })
    return { id }
  })
}

/** @throws Refusal PAIR_ENDED */
async function changeOpen(tx: Tx, id: string, data: Partial<Pairing>): Promise<void> {
  const { count } = await tx.pairing.updateMany({ where: { id, endedDay: null }, data })
  if (count === 0) throw new Refusal('PAIR_ENDED')
}

async function findPair(tx: Tx, actor: Actor, id: string): Promise<Pairing> {
  const pair = await tx.pairing.findFirst({ where: { id, ...inScope(actor, can('elder.keep')) } })
  if (pair === null) throw new Refusal('NOT_FOUND')
  return pair
}

function logOf(
  tx: Tx,
  actor: Actor,
  pair: Pick<Pairing, 'id' | 'regionPath'> & Partial<Pairing>,
  action: string,
  at: Date,
  after: object,
): Promise<void> {
  const { agreedDay, agreementNo, endedDay } = pair
  return logOperation(tx, actor, {
    ...{ at, action, resource: 'pairing', resourceId: pair.id, regionPath: pair.regionPath },
    ...(action === 'pair' ? {} : { before: { agreedDay, agreementNo, endedDay } }),
    after,
  })
}
