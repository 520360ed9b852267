import { Refusal } from '../../shared/core/refusals'
import { CONSENT_TEXTS, type ConsentKind } from '../../shared/person/consents'
import type { LooksView } from '../../shared/person/view'
import { ACTION_WORDS } from '../../shared/report/words'
import { can } from '../../shared/session/permissions'
import { ROLE_WORDS } from '../../shared/session/words'
import { type Actor, inScope } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { logOperation } from '../core/operation-log'
import type { File } from '../core/route'
import { regionsOfPath } from '../region/queries'
import { recordsOf } from './former'
import { placeOfPerson } from './place'
import { isWithheld, mayHaveDied, myRequests } from './requests'
import { openForPersons, openPersons } from './vault'

const LOOKS = ['read', 'reveal']
const TAKE = 100
const FIELD_WORDS: Record<string, string> = { name: '姓名', phone: '电话', address: '住处', idNumber: '身份证号' }

/** Whose data it is: the actor's own, or somebody's who died. */
type Whose = { personId: string; elder: { id: string } | null; member: { id: string } | null }

/** Who looked at what is hidden of me: in which capacity, what for; the newest first. */
export async function myLooks(db: Db, whose: Whose): Promise<LooksView> {
  const { personId } = whose
  const ids = [personId, whose.elder?.id, whose.member?.id].flatMap((one) => one ?? [])
  const rows = await db.operationLog.findMany({
    where: { resourceId: { in: ids }, action: { in: LOOKS }, personId: { not: personId } },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: TAKE,
  })
  return rows.map(({ at, role, action, after, purpose }) => ({
    at: at.toISOString(),
    roleWord: role
      .split(',')
      .map((one) => (Object.hasOwn(ROLE_WORDS, one) ? ROLE_WORDS[one as keyof typeof ROLE_WORDS] : one))
      .join('、'),
    what: whatOf(action, after),
    purpose,
  }))
}

function whatOf(action: string, after: string | null): string {
  const { field } = (after === null ? {} : JSON.parse(after)) as { field?: string }
  return field === undefined ? (ACTION_WORDS[action] ?? action) : `看了${FIELD_WORDS[field] ?? field}`
}

/** A copy of everything that is kept of me, for myself, as a file that other programs read too (PIPL art. 45). */
export async function myCopy(db: Db, keys: Keys, actor: Actor, at: Date): Promise<File> {
  const { personId } = actor
  const regionPath = await placeOfPerson(db, personId)
  await db.$transaction((tx) =>
    logOperation(tx, actor, { at, action: 'export', resource: 'person', resourceId: personId, regionPath }),
  )
  return copyOf(db, keys, actor, at)
}

/**
 * The same of somebody who died, for the relatives whose wish another person has granted (PIPL art. 49).
 * @throws Refusal NOT_FOUND, DATA_WITHHELD, DATA_NOT_RELATIVES for any other request, or while the person lives
 */
export async function copyForRelatives(db: Db, keys: Keys, actor: Actor, requestId: string, at: Date): Promise<File> {
  const request = await db.dataRequest.findFirst({
    where: { id: requestId, ...inScope(actor, can('dataRequest.keep')) },
  })
  if (request === null) throw new Refusal('NOT_FOUND')
  const { personId, regionPath } = request
  const elder = await db.elder.findUnique({ where: { personId }, select: { id: true } })
  const member = await db.member.findUnique({ where: { personId }, select: { id: true } })
  const isGranted = request.wish === 'copy' && request.state === 'done' && (await mayHaveDied(db, personId))
  if (!isGranted) throw new Refusal('DATA_NOT_RELATIVES')
  if (await isWithheld(db, personId)) throw new Refusal('DATA_WITHHELD')
  await db.$transaction((tx) =>
    logOperation(tx, actor, {
      ...{ at, action: 'export', resource: 'person', resourceId: personId, regionPath, purpose: '给去世老人的家属' },
    }),
  )
  return copyOf(db, keys, { personId, elder, member }, at)
}

async function copyOf(db: Db, keys: Keys, whose: Whose, at: Date): Promise<File> {
  const { personId } = whose
  const regionPath = await placeOfPerson(db, personId)
  const person = (await openPersons(db, keys, [personId])).get(personId)
  const elder = await db.elder.findUnique({ where: { personId }, include: { categories: true, exits: true } })
  const member = await db.member.findUnique({ where: { personId } })
  const accounts = await db.personAccount.findMany({ where: { personId } })
  const [address] =
    elder === null
      ? [null]
      : await openForPersons(db, keys, [{ personId, table: 'elder', column: 'address', sealed: elder.addressSealed }])
  const copy = {
    madeAt: at.toISOString(),
    person,
    place: (await regionsOfPath(db, regionPath)).map((one) => one.name).join(' '),
    consents: (await db.consent.findMany({ where: { personId }, orderBy: { at: 'asc' } })).map((one) => ({
      title: CONSENT_TEXTS[one.kind as ConsentKind].title,
      ...{ textVersion: one.textVersion, how: one.how, at: one.at, withdrawnAt: one.withdrawnAt },
    })),
    elder:
      elder === null
        ? null
        : {
            ...{ joinedDay: elder.joinedDay, endedDay: elder.endedDay, ownPhone: elder.ownPhone, address },
            categories: elder.categories.map(({ category, validFrom, validTo }) => ({ category, validFrom, validTo })),
            exits: elder.exits.map(({ kind, validFrom, validTo, reason }) => ({ kind, validFrom, validTo, reason })),
          },
    helper:
      member === null
        ? null
        : { kind: member.kind, state: member.state, joinedDay: member.joinedDay, trainings: member.trainings },
    visits: await db.visit.findMany({
      where: {
        OR: [
          ...(member === null ? [] : [{ memberId: member.id }]),
          ...(elder === null ? [] : [{ elders: { some: { elderId: elder.id } } }]),
          { memberPersonId: { in: await recordsOf(db, personId) } },
        ],
      },
      orderBy: [{ checkInAt: 'asc' }, { id: 'asc' }],
      select: {
        id: true,
        day: true,
        checkInAt: true,
        checkOutAt: true,
        servedSeconds: true,
        state: true,
        nature: true,
      },
    }),
    entries: await db.ledgerEntry.findMany({
      where: { accountId: { in: accounts.map((one) => one.accountId) } },
      orderBy: [{ accountId: 'asc' }, { accountSeq: 'asc' }],
      select: { accountId: true, transactionId: true, amountMilliPoints: true },
    }),
    requests: await myRequests(db, keys, whose),
    looks: await myLooks(db, whose),
  }
  const text = JSON.stringify(copy, (_, value) => (typeof value === 'bigint' ? String(value) : value), 2)
  return {
    bytes: Buffer.from(text, 'utf8'),
    type: 'application/json',
    name: `个人信息-${at.toISOString().slice(0, 10)}.json`,
  }
}
