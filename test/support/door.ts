// A helper before the door of an elder, with everything that visits take.
import { randomUUID } from 'node:crypto'
import type { Actor } from '../../server/core/actor'
import { awardId } from '../../server/visit/award'
import { checkIn } from '../../server/visit/check-in'
import { checkOut } from '../../server/visit/check-out'
import { confirm } from '../../server/visit/confirm'
import type { Answer } from '../../shared/visit/rules'
import type { World } from './world'

/** Where the plate hangs, and places 56 m and 500 m north of it. */
export const HOME = '37.00000,122.08000'
export const NEAR = { lat: 37.0005, lon: 122.08, accuracyMetres: 15, datum: 'WGS-84' as const }
export const FAR = { lat: 37.0045, lon: 122.08, accuracyMetres: 15, datum: 'WGS-84' as const }

export type Door = Awaited<ReturnType<typeof atDoor>>

export async function atDoor(
  world: World,
  given: { homePoint?: string; kind?: 'volunteer' | 'neighbourHelper'; ownPhone?: boolean } = {},
) {
  const { db, keys, clock } = world
  const elder = await world.elder({ homePoint: given.homePoint, ownPhone: given.ownPhone } as Parameters<
    World['elder']
  >[0])
  const plate = await world.plate(elder.id)
  const helper = await world.member(given.kind === undefined ? {} : { kind: given.kind })

  const checkInBody = (more: object = {}) => ({
    id: randomUUID(),
    code: plate.code,
    elderIds: [elder.id],
    serviceId: world.service.id,
    deviceAt: clock.now.toISOString(),
    ...more,
  })
  const checkOutBody = (more: object = {}) => ({
    id: randomUUID(),
    tasksDone: [] as string[],
    deviceAt: clock.now.toISOString(),
    ...more,
  })
  const begin = (more: object = {}, actor: Actor = helper.actor) =>
    checkIn(db, keys, actor, checkInBody(more), clock.now)
  const end = (visitId: string, more: object = {}, actor: Actor = helper.actor) =>
    checkOut(db, keys, actor, visitId, checkOutBody(more), clock.now)
  const answer = (
    visitId: string,
    said: Answer,
    by: Actor = elder.actor,
    how: 'app' | 'proxy' | 'phone' = 'app',
    more: object = {},
  ) => confirm(db, by, visitId, { id: randomUUID(), elderId: elder.id, answer: said, how, ...more }, clock.now)

  /** A visit of so many minutes that is proved by paper alone (L1), or by plate, phone and place (L2). */
  async function served(minutes: number, level: 1 | 2 = 2): Promise<string> {
    const proof = level === 2 ? { code: plate.code, place: NEAR } : {}
    const { id } = await begin(level === 2 ? { place: NEAR } : {})
    world.later(minutes * 60)
    await end(id, proof)
    return id
  }

  const visitOf = (id: string) =>
    db.visit.findUniqueOrThrow({
      where: { id },
      include: {
        elders: true,
        evidence: { orderBy: { id: 'asc' } },
        exceptions: { orderBy: { code: 'asc' } },
        confirmations: true,
        decisions: true,
      },
    })
  const codesOf = async (id: string) => (await visitOf(id)).exceptions.map(({ code }) => code)
  /** What the books say the helper has. */
  async function pointsOf(personId: string = helper.personId): Promise<bigint> {
    const account = await db.personAccount.findFirst({ where: { personId } })
    if (account === null) return 0n
    return (await db.ledgerAccount.findUniqueOrThrow({ where: { id: account.accountId } })).postedMilliPoints
  }
  const kindsOnBooks = async (visitId: string) => {
    const awards = await db.ledgerTransaction.findMany({
      where: { refType: 'visit', refId: visitId },
      orderBy: { revision: 'asc' },
    })
    const reversals = await db.ledgerTransaction.findMany({ where: { reverses: { in: awards.map(({ id }) => id) } } })
    return [...awards, ...reversals].map(({ kind, revision }) => `${kind}${kind === 'EARN' ? revision : ''}`)
  }

  return {
    elder,
    plate,
    helper,
    checkInBody,
    checkOutBody,
    begin,
    end,
    answer,
    served,
    visitOf,
    codesOf,
    pointsOf,
    kindsOnBooks,
    awardId,
  }
}

/** The code of the refusal a promise ends with, or null. */
export async function refusalOf(work: Promise<unknown>): Promise<string | null> {
  try {
    await work
    return null
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}
