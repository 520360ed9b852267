import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import type { declareKinInput, registerKinInput, yesNoInput } from '../../shared/member/input'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Reader, Tx } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { takenAs } from '../core/taken'
import { notify } from '../notice/notify'
import { findByPhone, openPersons } from '../person/vault'

type Kin = Awaited<ReturnType<Db['kin']['findUniqueOrThrow']>>
type Party = z.infer<typeof registerKinInput>['of']

/**
 * Says that somebody is a relative. The other one is named by name and phone, so that nobody looks through the register; it
 * counts once the other, or staff, has confirmed it.
 *
 * @throws Refusal KIN_UNKNOWN, KIN_SELF, KIN_EXISTS, REQUIRED for who is neither helper nor elder
 */
export async function declareKin(
  db: Db,
  keys: Keys,
  actor: Actor,
  input: z.infer<typeof declareKinInput>,
  at: Date,
): Promise<{ id: string }> {
  return takenAs('KIN_EXISTS', { field: 'phone' }, () =>
    db.$transaction((tx) =>
      once(tx, { key: input.id, personId: actor.personId, verb: 'declareKin', input, at }, async () => {
        const home = actor.member ?? actor.elder
        if (home === null) throw new Refusal('NOT_ALLOWED')
        const otherPersonId = await findByNameAndPhone(tx, keys, input)
        return add(tx, actor, { ...input, personId: actor.personId, otherPersonId, regionPath: home.regionPath }, at)
      }),
    ),
  )
}

/** Staff who have seen the papers write a relation down; it counts at once. */
export async function registerKin(
  db: Db,
  actor: Actor,
  input: z.infer<typeof registerKinInput>,
  at: Date,
): Promise<{ id: string }> {
  return takenAs('KIN_EXISTS', { field: 'to' }, () =>
    db.$transaction((tx) =>
      once(tx, { key: input.id, personId: actor.personId, verb: 'registerKin', input, at }, async () => {
        const [of, to] = [await findParty(tx, input.of), await findParty(tx, input.to)]
        if (of === null || to === null || !mayOver(actor, can('kin.keep'), of.regionPath))
          throw new Refusal('NOT_FOUND')
        if (of.countyId !== to.countyId) throw new Refusal('NOT_FOUND', { field: 'to' })
        if ([of.personId, to.personId].includes(actor.personId)) throw new Refusal('REQUEST_OWN')
        const { id, relation } = input
        const kin = { id, relation, personId: of.personId, otherPersonId: to.personId, regionPath: of.regionPath }
        await add(tx, actor, kin, at)
        await settle(tx, actor, await tx.kin.findUniqueOrThrow({ where: { id } }), 'yes', at)
        return { id }
      }),
    ),
  )
}

/**
 * Confirms what another has declared, or says that it isn't so.
 * @throws Refusal NOT_FOUND, KIN_STATE, REQUEST_OWN for who declared it
 */
export async function answerKin(
  db: Db,
  actor: Actor,
  id: string,
  { answer }: z.infer<typeof yesNoInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const kin = await tx.kin.findUnique({ where: { id } })
    if (kin === null || !(kin.otherPersonId === actor.personId || mayOver(actor, can('kin.keep'), kin.regionPath))) {
      // Who declared it knows of it, and is told why not.
      throw new Refusal(kin?.personId === actor.personId ? 'REQUEST_OWN' : 'NOT_FOUND')
    }
    if (kin.personId === actor.personId || kin.declaredByPersonId === actor.personId) throw new Refusal('REQUEST_OWN')
    await settle(tx, actor, kin, answer, at)
    const isSo = answer === 'yes'
    await notify(
      tx,
      [
        {
          ...{ personId: kin.personId, kind: 'kinAnswered', phoneLink: '/ledger/apart/give', key: `kin:${id}:answer` },
          title: isSo ? '家人登记确认了' : '家人登记没有确认',
          body: isSo ? '现在可以送积分给他了。' : '对方说不是，有疑问请问社区。',
        },
      ],
      at,
    )
    return { id }
  })
}

/** Either of the two takes it back, whatever the other says. */
export async function endKin(db: Db, actor: Actor, id: string, at: Date): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const kin = await tx.kin.findUnique({ where: { id } })
    if (kin === null || ![kin.personId, kin.otherPersonId].includes(actor.personId)) throw new Refusal('NOT_FOUND')
    await end(tx, actor, kin, ['declared', 'confirmed'], at)
    return { id }
  })
}

/** Relatives of a person, the newest first; what has ended is left out. */
export async function kinOf(db: Reader, personId: string): Promise<Kin[]> {
  return db.kin.findMany({
    where: { OR: [{ personId }, { otherPersonId: personId }], state: { not: 'ended' } },
    orderBy: { declaredAt: 'desc' },
    take: 30,
  })
}

async function add(
  tx: Tx,
  actor: Actor,
  kin: { id: string; personId: string; otherPersonId: string; relation: string; regionPath: string },
  at: Date,
): Promise<{ id: string }> {
  const { id, personId, otherPersonId, relation, regionPath } = kin
  if (personId === otherPersonId) throw new Refusal('KIN_SELF')
  const pair = [personId, otherPersonId].sort().join(' ')
  if ((await tx.kin.count({ where: { pair } })) > 0) throw new Refusal('KIN_EXISTS', { field: 'phone' })
  const declared = { state: 'declared', declaredByPersonId: actor.personId, declaredAt: at }
  await tx.kin.create({ data: { id, personId, otherPersonId, relation, pair, regionPath, ...declared } })
  if (actor.personId === personId)
    await notify(
      tx,
      [
        {
          ...{ personId: otherPersonId, kind: 'kinDeclared', phoneLink: '/ledger/apart/give', key: `kin:${id}` },
          ...{ title: '有人说您是他家人', body: '请看看是不是，您说一声才算。' },
        },
      ],
      at,
    )
  await note(tx, actor, 'declare', { id, regionPath }, at)
  return { id }
}

async function settle(tx: Tx, actor: Actor, kin: Kin, answer: 'yes' | 'no', at: Date): Promise<void> {
  if (answer === 'no') return end(tx, actor, kin, ['declared'], at)
  const { count } = await tx.kin.updateMany({
    where: { id: kin.id, state: 'declared' },
    data: { state: 'confirmed', confirmedByPersonId: actor.personId, confirmedAt: at },
  })
  if (count === 0) throw new Refusal('KIN_STATE')
  await note(tx, actor, 'confirm', kin, at)
}

async function end(tx: Tx, actor: Actor, kin: Kin, states: string[], at: Date): Promise<void> {
  const { count } = await tx.kin.updateMany({
    where: { id: kin.id, state: { in: states } },
    data: { state: 'ended', pair: null, endedByPersonId: actor.personId, endedAt: at },
  })
  if (count === 0) throw new Refusal('KIN_STATE')
  await note(tx, actor, 'end', kin, at)
}

async function findByNameAndPhone(tx: Tx, keys: Keys, wanted: { name: string; phone: string }): Promise<string> {
  const ids = await findByPhone(tx, keys, wanted.phone)
  const persons = await openPersons(tx, keys, ids)
  const [found] = ids.filter((one) => persons.get(one)?.name === wanted.name.normalize('NFKC').trim())
  if (found === undefined) throw new Refusal('KIN_UNKNOWN', { field: 'phone' })
  return found
}

async function findParty(tx: Tx, { kind, id }: Party) {
  const select = { personId: true, regionPath: true, countyId: true } as const
  return kind === 'member'
    ? tx.member.findUnique({ where: { id }, select })
    : tx.elder.findUnique({ where: { id }, select })
}

function note(tx: Tx, actor: Actor, action: string, kin: { id: string; regionPath: string }, at: Date): Promise<void> {
  return logOperation(tx, actor, { at, action, resource: 'kin', resourceId: kin.id, regionPath: kin.regionPath })
}
