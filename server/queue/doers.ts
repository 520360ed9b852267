import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { ageOn, maskName } from '../../shared/person/rules'
import {
  checkInBody,
  checkOutBody,
  confirmBody,
  fieldCheckBody,
  fulfilBody,
  mealBody,
  type QueueEvent,
  scanBody,
} from '../../shared/queue/input'
import type { QueueKind } from '../../shared/queue/rules'
import { fulfilSentence } from '../../shared/redemption/rules'
import { whyNotServe as whyNotDo } from '../../shared/service/rules'
import { clockWords } from '../../shared/visit/words'
import type { Actor } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { idFrom } from '../core/ids'
import { readInput } from '../core/input'
import { elderNames } from '../elder/queries'
import { openPersons } from '../person/vault'
import { findPlate } from '../plate/queries'
import { fulfil } from '../redemption/fulfil'
import { serveMeal } from '../redemption/meal'
import { findByCode } from '../redemption/queries'
import { menuOf, servicesAt } from '../service/queries'
import { checkIn } from '../visit/check-in'
import { checkOut } from '../visit/check-out'
import { confirm } from '../visit/confirm'
import { siteNames } from '../visit/context'
import type { Offline } from '../visit/end'
import { checkField } from '../visit/field-check'
import { scanDuring } from '../visit/scan'

type Parts = { db: Db; keys: Keys; actor: Actor; at: Date }
export type Done = { subjectId: string; title: string; sentence: string }
/** When it happened, and what the server knows of the delay. */
type Moment = { at: Date; offline: Offline }

export const DOERS: Record<QueueKind, (parts: Parts, event: QueueEvent, moment: Moment) => Promise<Done>> = {
  async checkIn(parts, { id, body, wallAt }, { at, offline }) {
    const { db, keys, actor } = parts
    const asked = readInput(checkInBody, body)
    const whom = await whomAndWhat(parts, asked, at)
    const begin = (as: string) => checkIn(db, keys, actor, { ...asked, ...whom, id: as, deviceAt: wallAt }, at, offline)
    const first = (await db.visit.findUnique({ where: { id }, select: { id: true } })) ?? (await begin(id))
    // It arrived once before the end of the visit that ran then, which waited on the phone, and was taken for a part of it.
    const begun = first.id !== id && (await endedBefore(db, first.id, at)) ? await begin(idFrom('anew', id)) : first
    const title = await titleOfVisit(parts, begun.id)
    return { subjectId: begun.id, title, sentence: `${clockWords(at)} 开始，记下了` }
  },
  async checkOut({ db, keys, actor }, { id, body, wallAt }, { at, offline }) {
    const { visitId: named, ...asked } = readInput(checkOutBody, body)
    const visitId = await visitOf(db, actor, named)
    const visit = await db.visit.findUnique({ where: { id: visitId } })
    // clocks of a phone and of a server that differ by seconds must not lose the end of a visit
    const endAt = visit !== null && visit.checkInAt > at ? visit.checkInAt : at
    await checkOut(db, keys, actor, visitId, { ...asked, id, deviceAt: wallAt }, endAt, offline)
    const title = await titleOfVisit({ db, keys, at }, visitId)
    return { subjectId: visitId, title, sentence: `${clockWords(endAt)} 结束，记下了` }
  },
  async scan({ db, keys, actor }, { id, body, wallAt }, { at, offline }) {
    const { visitId: named, ...asked } = readInput(scanBody, body)
    const visitId = await visitOf(db, actor, named)
    await scanDuring(db, keys, actor, visitId, { ...asked, id, deviceAt: wallAt }, at, offline)
    const title = await titleOfVisit({ db, keys, at }, visitId)
    return { subjectId: visitId, title, sentence: `${clockWords(at)} 再扫了一次，记下了` }
  },
  async confirm({ db, actor, at: receivedAt }, { id, body }, { at }) {
    const { visitId, ...asked } = readInput(confirmBody, body)
    await confirm(db, actor, visitId, { ...asked, id }, receivedAt, at)
    return { subjectId: visitId, title: '', sentence: '记下了' }
  },
  async fieldCheck({ db, keys, actor }, { id, body }, { at, offline }) {
    const { elderId } = await checkField(db, keys, { actor, at, offline }, { ...readInput(fieldCheckBody, body), id })
    return { subjectId: id, title: await namesOf({ db, keys, at }, [elderId]), sentence: '记下了' }
  },
  async fulfil({ db, keys, actor, at }, { id, body }) {
    const { pointId, code } = readInput(fulfilBody, body)
    const redemption = await findByCode(db, code)
    if (redemption === null) throw new Refusal('REDEMPTION_CODE')
    const title = await titleOf(db, keys, redemption)
    try {
      await fulfil(db, actor, redemption.id, { id, pointId }, at)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const point = await db.redemptionPoint.findUnique({ where: { id: redemption.pointId } })
      const { resolvedAt } = await db.redemption.findUniqueOrThrow({ where: { id: redemption.id } })
      const sentence = fulfilSentence(error.code, { resolvedAt, pointName: point?.name ?? '' }) ?? error.sentence
      throw new Refusal(error.code, { subjectId: redemption.id, title, sentence })
    }
    return { subjectId: redemption.id, title, sentence: '交给他了' }
  },
  async meal({ db, keys, actor, at: receivedAt }, { id, body }, { at }) {
    const input = readInput(mealBody, body)
    await serveMeal(db, { keys, actor, input: { id, ...input, servedAt: at }, at: receivedAt })
    const redemption = await db.redemption.findUniqueOrThrow({ where: { id } })
    return { subjectId: id, title: await titleOf(db, keys, redemption), sentence: '记下了' }
  },
}

async function endedBefore(db: Db, visitId: string, at: Date): Promise<boolean> {
  return (await db.visit.count({ where: { id: visitId, checkOutAt: { lte: at } } })) > 0
}

/** Who scanned a plate without a network may not have seen whose it is: its own elder, and what was ordered or comes first. */
async function whomAndWhat(
  { db, keys, actor }: Parts,
  asked: { code: string; elderIds?: string[] | undefined; serviceId?: string | undefined },
  at: Date,
): Promise<{ elderIds: string[]; serviceId: string }> {
  if (asked.elderIds !== undefined && asked.serviceId !== undefined)
    return { elderIds: asked.elderIds, serviceId: asked.serviceId }
  const found = await findPlate(db, keys, asked.code)
  if (found === null) throw new Refusal('PLATE_UNKNOWN', { field: 'code' })
  const { elderId, kind, regionPath } = found.plate
  if (kind === 'site')
    return {
      elderIds: asked.elderIds ?? [],
      serviceId: asked.serviceId ?? (await firstService(db, actor, regionPath, null)),
    }
  if (elderId === null) throw new Refusal('PLATE_KIND', { field: 'code' })
  const elderIds = asked.elderIds ?? [elderId]
  return { elderIds, serviceId: asked.serviceId ?? (await likelyService(db, actor, elderId, at)) }
}

async function likelyService(db: Db, actor: Actor, elderId: string, at: Date): Promise<string> {
  const { member } = actor
  if (member === null) throw new Refusal('NOT_A_MEMBER')
  const order = await db.order.findFirst({
    where: { memberId: member.id, state: 'accepted', elderId, wantedDay: dayOf(at) },
    orderBy: { id: 'asc' },
  })
  const elder = await db.elder.findUniqueOrThrow({ where: { id: elderId }, include: { person: true } })
  const { birthDate } = elder.person
  const age = birthDate === null ? null : ageOn(birthDate, dayOf(at))
  return order?.serviceId ?? (await firstService(db, actor, elder.regionPath, age))
}

/** What comes first of all that this helper may do there. */
async function firstService(db: Db, { member }: Actor, regionPath: string, age: number | null): Promise<string> {
  if (member === null) throw new Refusal('NOT_A_MEMBER')
  const [first] = menuOf(await servicesAt(db, regionPath), age).filter((one) => whyNotDo(member, one) === null)
  if (first === undefined) throw new Refusal('SERVICE_UNKNOWN')
  return first.id
}

/** The visit that was begun in the same queue may have turned out to be one that ran already. */
async function visitOf(db: Db, { personId }: Actor, named: string): Promise<string> {
  const begun = await db.queueEvent.findUnique({ where: { id: named } })
  return begun !== null && begun.personId === personId && begun.subjectId !== null ? begun.subjectId : named
}

type Asking = Pick<Parts, 'db' | 'keys' | 'at'>

/** Whom a visit is for, or where it is. */
async function titleOfVisit(parts: Asking, visitId: string): Promise<string> {
  const visit = await parts.db.visit.findUnique({ where: { id: visitId }, include: { elders: true } })
  if (visit === null) return ''
  const site = (await siteNames(parts.db, [visit])).get(visit.siteId ?? '')
  return (
    site ??
    namesOf(
      parts,
      visit.elders.map(({ elderId }) => elderId),
    )
  )
}

async function namesOf({ db, keys, at }: Asking, elderIds: readonly string[]) {
  const names = await elderNames(db, keys, elderIds, dayOf(at))
  return elderIds.flatMap((elderId) => names.get(elderId)?.calledName ?? []).join('、')
}

/** "王*英 午餐" */
async function titleOf(db: Db, keys: Keys, { personId, productId }: { personId: string; productId: string }) {
  const [persons, product] = await Promise.all([
    openPersons(db, keys, [personId]),
    db.product.findUnique({ where: { id: productId }, select: { name: true } }),
  ])
  return `${maskName(persons.get(personId)?.name ?? '')} ${product?.name ?? ''}`
}
