import type { z } from 'zod'
import { addDays, type Day, dayOf } from '../../shared/core/time'
import type { pairingListQuery } from '../../shared/pairing/input'
import type { MyPairings, PairingView } from '../../shared/pairing/view'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import { findBy } from '../core/bulk'
import type { Keys } from '../core/config'
import type { Db, Reader } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { owedTo } from '../elder/owed'
import { elderNames, lastVisitDays } from '../elder/queries'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionNames } from '../region/queries'
import { settingsAt } from '../region/settings'
import { openPairsOf, type Pairing } from './queries'

/** Pairs of the actor's regions; those that wait longest for their agreement first where that is asked, else the latest. */
export async function listPairings(
  db: Reader,
  keys: Keys,
  actor: Actor,
  query: z.output<typeof pairingListQuery>,
  at: Date,
) {
  const within =
    query.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('elder.read'), query.regionId)).path
  const cursor = readCursor(query.cursor, 2)
  const [day = '', id = ''] = cursor ?? []
  const isWaiting = query.state === 'unagreed'
  const next = isWaiting ? { gt: day } : { lt: day }
  const rows = await db.pairing.findMany({
    where: {
      AND: [
        inScope(actor, can('elder.read'), within),
        query.state === 'ended' ? { endedDay: { not: null } } : { endedDay: null },
        isWaiting ? { agreedDay: null } : {},
        query.elderId === undefined ? {} : { elderId: query.elderId },
        query.memberId === undefined ? {} : { memberId: query.memberId },
        cursor === null ? {} : { OR: [{ sinceDay: next }, { sinceDay: day, id: { gt: id } }] },
      ],
    },
    orderBy: [{ sinceDay: isWaiting ? 'asc' : 'desc' }, { id: 'asc' }],
    take: query.limit + 1,
  })
  const views = await presentPairings(db, keys, rows, dayOf(at))
  return toPage(
    rows,
    query.limit,
    (row) => views.get(row.id) as PairingView,
    (row) => cursorOf(row.sinceDay, row.id),
  )
}

export async function showPairing(db: Reader, keys: Keys, id: string, at: Date): Promise<PairingView> {
  const row = await db.pairing.findUniqueOrThrow({ where: { id } })
  return (await presentPairings(db, keys, [row], dayOf(at))).get(id) as PairingView
}

async function presentPairings(
  db: Reader,
  keys: Keys,
  rows: readonly Pairing[],
  today: Day,
): Promise<Map<string, PairingView>> {
  const elderIds = rows.map(({ elderId }) => elderId)
  const memberIds = rows.map(({ memberId }) => memberId)
  const elders = new Map((await findBy(db, 'Elder', 'id', elderIds)).map((one) => [one.id, one]))
  const members = new Map((await findBy(db, 'Member', 'id', memberIds)).map((one) => [one.id, one]))
  const names = await elderNames(db, keys, elderIds)
  const persons = await openPersons(
    db,
    keys,
    [...members.values()].map(({ personId }) => personId),
  )
  const places = await regionNames(
    db,
    [...elders.values()].map(({ regionId }) => regionId),
  )
  const last = await lastVisitDays(db, elderIds)
  const found = new Map<string, PairingView>()
  for (const row of rows) {
    const agreeBy = await agreeByOf(db, row, today)
    const regionId = elders.get(row.elderId)?.regionId ?? ''
    found.set(row.id, {
      ...{ id: row.id, elderId: row.elderId, memberId: row.memberId, sinceDay: row.sinceDay, agreeBy, regionId },
      ...{ agreedDay: row.agreedDay, agreementNo: row.agreementNo, endedDay: row.endedDay, endReason: row.endReason },
      elderName: names.get(row.elderId)?.maskedName ?? '',
      memberName: maskName(persons.get(members.get(row.memberId)?.personId ?? '')?.name ?? ''),
      regionName: places.get(regionId)?.name ?? '',
      isLate: row.endedDay === null && row.agreedDay === null && agreeBy <= today,
      lastVisitDay: last.get(row.elderId) ?? null,
    })
  }
  return found
}

/** The day by which a pair is to be agreed in writing. */
export async function agreeByOf(
  db: Reader,
  { sinceDay, regionPath }: Pick<Pairing, 'sinceDay' | 'regionPath'>,
  today: Day,
): Promise<Day> {
  const { pairAgreementDays } = await settingsAt(db, regionPath, today)
  return addDays(sinceDay, pairAgreementDays)
}

/** 我结对的老人: what is owed to them, and whether the agreement is signed. */
export async function myPairings(db: Db, keys: Keys, memberId: string, at: Date): Promise<MyPairings> {
  const today = dayOf(at)
  const pairs = await openPairsOf(db, [memberId])
  const elders = (
    await findBy(
      db,
      'Elder',
      'id',
      pairs.map(({ elderId }) => elderId),
    )
  ).filter(({ endedDay }) => endedDay === null)
  const ids = elders.map(({ id }) => id)
  const names = await elderNames(db, keys, ids, today)
  const owed = await owedTo(db, ids, today)
  const last = await lastVisitDays(db, ids)
  const places = await regionNames(
    db,
    elders.map(({ regionId }) => regionId),
  )
  const shown: MyPairings = []
  for (const pair of pairs) {
    const elder = elders.find(({ id }) => id === pair.elderId)
    if (elder === undefined) continue
    shown.push({
      ...{ id: pair.id, elderId: elder.id, sinceDay: pair.sinceDay, regionId: elder.regionId },
      elderName: names.get(elder.id)?.calledName ?? '',
      regionName: places.get(elder.regionId)?.name ?? '',
      lastVisitDay: last.get(elder.id) ?? null,
      owedSentence: owed.get(elder.id)?.sentence ?? null,
      agreementSentence: pair.agreedDay === null ? agreementSentence(await agreeByOf(db, pair, today), today) : null,
    })
  }
  return shown.sort(
    (a, b) =>
      Number(a.owedSentence === null) - Number(b.owedSentence === null) ||
      (a.lastVisitDay ?? '').localeCompare(b.lastVisitDay ?? '') ||
      a.elderId.localeCompare(b.elderId),
  )
}

function agreementSentence(agreeBy: Day, today: Day): string {
  const day = `${Number(agreeBy.slice(5, 7))} 月 ${Number(agreeBy.slice(8))} 日`
  return agreeBy <= today ? '协议还没签，请到村里签' : `协议 ${day}前签`
}
