import type { z } from 'zod'
import { REFUSALS, Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { closingInput } from '../../shared/member/input'
import { relationFor } from '../../shared/member/rules'
import type { ClosingView } from '../../shared/member/view'
import { maskName } from '../../shared/person/rules'
import type { Relation } from '../../shared/scheme/document'
import { closingOf, mayInherit } from '../../shared/scheme/gates'
import { RELATION_WORDS } from '../../shared/scheme/words'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Reader } from '../core/db'
import { once } from '../core/once'
import { balanceOf } from '../ledger/queries'
import { lock } from '../ledger/write'
import { openPersons } from '../person/vault'
import { programmeOf, schemeOn } from '../scheme/queries'
import { accountOfPerson, findAccountOfPerson } from './account'
import { listProgrammes } from './counties'
import { kinOf } from './kin'
import { fileRequest } from './requests'

type Elder = { id: string; personId: string; regionPath: string; countyId: string }

/** What a family or the village has to know to close the account of somebody who died or moved away. */
export async function findClosing(db: Db, keys: Keys, actor: Actor, elderId: string, at: Date): Promise<ClosingView> {
  const elder = await findElderToClose(db, actor, elderId)
  const programme = await programmeOf(db, elder.countyId)
  const accountId = programme === null ? null : await findAccountOfPerson(db, elder.personId, programme.id)
  const scheme = await schemeOn(db, elder.regionPath, dayOf(at))
  const kin = (await kinOf(db, elder.personId)).filter(({ state }) => state === 'confirmed')
  const otherOf = (row: { personId: string; otherPersonId: string }) =>
    row.personId === elder.personId ? row.otherPersonId : row.personId
  const persons = await openPersons(db, keys, [elder.personId, ...kin.map(otherOf)])
  const nameOf = (personId: string) => persons.get(personId)?.name ?? ''
  const isOwn = actor.proxyOf.some((one) => one.elderId === elderId)
  const heirs = kin.map((row) => ({
    row,
    relation: relationFor({ ...row, relation: row.relation as Relation }, elder.personId),
  }))
  const account = accountId === null ? null : await db.ledgerAccount.findUnique({ where: { id: accountId } })
  const waiting =
    accountId === null
      ? null
      : await db.ledgerRequest.findFirst({
          where: { accountId, kind: 'CLOSE', decision: { is: null } },
          orderBy: { askedAt: 'desc' },
        })
  const whyNot = account === null ? 'ACCOUNT_UNKNOWN' : account.closedAt !== null ? 'ACCOUNT_CLOSED' : null
  return {
    name: isOwn ? nameOf(elder.personId) : maskName(nameOf(elder.personId)),
    milliPoints: (await balanceOf(db, accountId)).availableMilliPoints.toString(),
    whyNotSentence: whyNot === null ? null : REFUSALS[whyNot][1],
    waitsSince: waiting?.askedAt.toISOString() ?? null,
    death: [...closingOf(scheme?.document, 'death')],
    moving: [...closingOf(scheme?.document, 'moving')],
    heirs: heirs
      .filter(({ relation }) => mayInherit(scheme?.document, relation))
      .map(({ row, relation }) => ({
        id: row.id,
        name: isOwn ? nameOf(otherOf(row)) : maskName(nameOf(otherOf(row))),
        relationWord: RELATION_WORDS[relation],
      })),
    counties: (await listProgrammes(db))
      .filter(({ id }) => id !== programme?.id)
      .map(({ id, regionName }) => ({ id, name: regionName })),
  }
}

/**
 * The family, or staff who are with them, asks for the account of an elder to be closed: as the rules of the place say what
 * becomes of the points. Nothing moves before the county agrees.
 *
 * @throws Refusal NOT_FOUND, NO_SCHEME, REQUEST_WAITING, CLOSING_RULE, RELATION, REQUIRED, ACCOUNT_CLOSED
 */
export async function askClosing(
  db: Db,
  actor: Actor,
  input: z.infer<typeof closingInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'askClosing', input, at }, async () => {
      const { id, elderId, closing, to, heirKinId, toProgrammeId } = input
      const elder = await findElderToClose(tx, actor, elderId)
      const programme = await programmeOf(tx, elder.countyId)
      if (programme === null) throw new Refusal('NO_SCHEME')
      const accountId = await accountOfPerson(tx, elder.personId, programme.id, at)
      // Holds the account until the commit: of two who ask at once the second sees the first.
      await lock(tx, [accountId])
      const waiting = await tx.ledgerRequest.count({ where: { accountId, kind: 'CLOSE', decision: { is: null } } })
      if (waiting > 0) throw new Refusal('REQUEST_WAITING')
      const who = actor.proxyOf.some((one) => one.elderId === elderId) ? '家人' : '社区'
      const reason = `${who}在手机上提出：${closing === 'death' ? '去世' : '迁出'}`
      const account = await tx.ledgerAccount.findUniqueOrThrow({ where: { id: accountId } })
      const asked = {
        id,
        kind: 'CLOSE' as const,
        accountId,
        closing,
        counterpart: to,
        heirKinId,
        toProgrammeId,
        reason,
      }
      return fileRequest(tx, actor, asked, { account, beneficiaryId: elder.personId, regionPath: elder.regionPath }, at)
    }),
  )
}

/** The elder whose proxy one is for points, or one of the own place; also after death and moving. */
async function findElderToClose(db: Reader, actor: Actor, elderId: string): Promise<Elder> {
  const elder = await db.elder.findUnique({ where: { id: elderId } })
  const isProxy = actor.proxyOf.some((one) => one.elderId === elderId && one.scopes.includes('redeem'))
  if (elder === null || (!isProxy && !mayOver(actor, can('closing.ask'), elder.regionPath)))
    throw new Refusal('NOT_FOUND')
  return elder
}
