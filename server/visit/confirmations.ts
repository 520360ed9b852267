import type { z } from 'zod'
import { addSeconds, dayOf } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { answeredOf, correctableUntil } from '../../shared/visit/rules'
import type { confirmationsView } from '../../shared/visit/view'
import type { CallReason } from '../../shared/visit/words'
import { type Actor, inScope, ownIds } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Prisma } from '../core/db'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionNames } from '../region/queries'
import { callsOf } from './call'
import { eldersToConfirmFor } from './policy'
import { readSettings } from './settings'

type Confirmations = z.input<typeof confirmationsView>
type Row = Awaited<ReturnType<typeof findQuestions>>[number]

const WAITING_MOST = 100
const RECENT_MOST = 20
const RECENT_SECONDS = 30 * 86_400

/** What a person is asked, for oneself and for those who gave the power to answer; and what was answered lately. */
export async function myConfirmations(db: Db, keys: Keys, actor: Actor, at: Date): Promise<Confirmations> {
  const elderIds = eldersToConfirmFor(actor)
  const own: Prisma.VisitWhereInput = {
    elders: { some: { elderId: { in: elderIds } } },
    memberPersonId: { notIn: ownIds(actor) },
  }
  const waiting = await findQuestions(
    db,
    { AND: [own, { state: 'finished', confirmations: { none: {} } }] },
    'asc',
    WAITING_MOST,
  )
  const recent = await findQuestions(db, { AND: [own, answeredSince(at)] }, 'desc', RECENT_MOST)
  return show(db, keys, { waiting, recent, mine: new Set(elderIds), drawn: new Map(), at })
}

/**
 * What staff have to ask by telephone or at the door: nobody has a phone to answer with, the elder wasn't sure, or kept
 * silent for too long.
 *
 * @throws Refusal NOT_FOUND for a region outside
 */
export async function deskConfirmations(
  db: Db,
  keys: Keys,
  actor: Actor,
  regionId: string | undefined,
  at: Date,
): Promise<Confirmations> {
  const within =
    regionId === undefined ? undefined : (await findRegionInScope(db, actor, can('visit.keep'), regionId)).path
  const scope: Prisma.VisitWhereInput = {
    AND: [inScope(actor, can('visit.keep'), within), { memberPersonId: { notIn: ownIds(actor) }, siteId: null }],
  }
  const unanswered: Prisma.VisitWhereInput = {
    state: 'finished',
    OR: [{ confirmations: { some: {} } }, { silentFrom: { lte: at } }, { elders: { none: { elder: canAnswer(at) } } }],
  }
  const drawn = await findDrawn(db, actor, within)
  const waiting = await findQuestions(
    db,
    { AND: [scope, { OR: [unanswered, { id: { in: [...drawn.keys()] }, state: { not: 'inProgress' } }] }] },
    'asc',
    WAITING_MOST,
  )
  const recent = await findQuestions(
    db,
    { AND: [scope, { confirmations: { some: { how: 'phone' } } }, answeredSince(at), { state: { not: 'finished' } }] },
    'desc',
    RECENT_MOST,
  )
  const shown = await show(db, keys, { waiting, recent, mine: null, drawn, at })
  const isLater = ({ nextCallAt }: Confirmations['waiting'][number]) =>
    nextCallAt !== null && nextCallAt > at.toISOString()
  // Whoever is to be rung later is below who is to be rung now.
  return { ...shown, waiting: [...shown.waiting.filter((one) => !isLater(one)), ...shown.waiting.filter(isLater)] }
}

/** What was put on the list of calls and isn't done with, and why, in the order it came there. */
async function findDrawn(db: Db, actor: Actor, within: string | undefined): Promise<Map<string, string>> {
  const rows = await db.callDraw.findMany({
    where: { AND: [inScope(actor, can('visit.keep'), within), { closedAt: null }] },
    orderBy: [{ drawnAt: 'asc' }, { visitId: 'asc' }],
    take: WAITING_MOST,
  })
  return new Map(rows.map(({ visitId, reason }) => [visitId, reason]))
}

/** With a phone of one's own, or somebody who may answer instead. */
function canAnswer(at: Date): Prisma.ElderWhereInput {
  const today = dayOf(at)
  const proxy = {
    revokedAt: null,
    scopes: { contains: 'confirm' },
    validFrom: { lte: today },
    OR: [{ validTo: null }, { validTo: { gte: today } }],
  }
  return { OR: [{ ownPhone: true }, { proxies: { some: proxy } }] }
}

function answeredSince(at: Date): Prisma.VisitWhereInput {
  return { confirmations: { some: { at: { gte: addSeconds(at, -RECENT_SECONDS) } } } }
}

function findQuestions(db: Db, where: Prisma.VisitWhereInput, direction: 'asc' | 'desc', take: number) {
  return db.visit.findMany({
    where,
    orderBy: [{ checkInAt: direction }, { id: direction }],
    take,
    include: {
      confirmations: { orderBy: { revision: 'asc' } },
      elders: {
        select: { elderId: true, elder: { select: { personId: true, _count: { select: { contacts: true } } } } },
      },
    },
  })
}

/** @param found.mine the elders the viewer answers for, known by full name; null for the desk, which sees masks */
async function show(
  db: Db,
  keys: Keys,
  found: {
    waiting: Row[]
    recent: Row[]
    mine: ReadonlySet<string> | null
    drawn: ReadonlyMap<string, string>
    at: Date
  },
): Promise<Confirmations> {
  const rows = [...found.waiting, ...found.recent]
  const persons = await openPersons(
    db,
    keys,
    rows.flatMap((row) => [row.memberPersonId, ...row.elders.map(({ elder }) => elder.personId)]),
  )
  const services = new Map(
    (
      await db.service.findMany({
        where: { id: { in: [...new Set(rows.map((row) => row.serviceId))] } },
        select: { id: true, name: true },
      })
    ).map((service) => [service.id, service.name]),
  )
  const regions = await regionNames(
    db,
    rows.map((row) => row.regionId),
  )
  const settings = await readSettings(db, rows)
  const isDesk = found.mine === null
  const missed = await callsOf(db, isDesk ? found.waiting.map((row) => row.id) : [])
  const present = (row: Row): Confirmations['waiting'] => {
    const asked = row.elders.find(({ elderId }) => found.mine === null || found.mine.has(elderId))
    if (asked === undefined || row.checkOutAt === null || row.servedSeconds === null) return []
    const elder = persons.get(asked.elder.personId)
    const member = persons.get(row.memberPersonId)
    const answered = answeredOf(row.confirmations)
    const name = elder?.name ?? ''
    return [
      {
        visitId: row.id,
        elderId: asked.elderId,
        elderName: found.mine === null ? maskName(name) : name,
        memberName: maskName(member?.name ?? ''),
        memberSex: member?.sex ?? 'unknown',
        serviceName: services.get(row.serviceId) ?? '',
        regionName: regions.get(row.regionId)?.name ?? '',
        missedCallAt: missed.get(row.id)?.lastAt.toISOString() ?? null,
        missedCalls: missed.get(row.id)?.times ?? 0,
        nextCallAt: missed.get(row.id)?.nextAt?.toISOString() ?? null,
        callReason: isDesk ? reasonOf(row, found.drawn.get(row.id), found.at) : null,
        level: row.level,
        hasPhone: (elder?.phone ?? null) !== null || asked.elder._count.contacts > 0,
        checkInAt: row.checkInAt.toISOString(),
        checkOutAt: row.checkOutAt.toISOString(),
        servedSeconds: row.servedSeconds,
        answer: answered?.answer ?? null,
        answeredAt: row.confirmations.at(-1)?.at.toISOString() ?? null,
        canCorrectUntil:
          answered === null
            ? null
            : correctableUntil(answered.firstAt, settings(row.regionPath, row.day).correctHours).toISOString(),
      },
    ]
  }
  return { waiting: found.waiting.flatMap(present), recent: found.recent.flatMap(present) }
}

/** Why staff have to ask: what keeps the visit waiting, else why it was put on the list. */
function reasonOf(row: Row, drawn: string | undefined, at: Date): CallReason {
  if (row.state === 'finished' && row.confirmations.length > 0) return 'unsure'
  if (row.state === 'finished' && row.silentFrom !== null && row.silentFrom <= at) return 'silent'
  return drawn === 'sample' || drawn === 'weak' ? drawn : 'noPhone'
}
