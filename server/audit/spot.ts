import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { drawSpotInput, freezeSpotInput, spotFindingInput } from '../../shared/audit/input'
import type { SpotCheckDetail, SpotCheckView } from '../../shared/audit/view'
import { Refusal, refuse } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import type { Role } from '../../shared/session/view'
import { servedWords } from '../../shared/visit/words'
import { type Actor, inScope } from '../core/actor'
import { insertAll } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, query, type Reader, type Tx, underPath } from '../core/db'
import { idFrom } from '../core/ids'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionNames } from '../region/queries'
import { findVisits } from '../visit/queries'
import { showVisits } from '../visit/show'
import { whyNotStep } from './duties'
import type { Accountable } from './policy'

/** More visits than this are no list anybody can look through. */
const LIST_MAX = 50_000

/**
 * Freezes what may be drawn: the counted visits of a place and time, by their ids, with a hash that can be published. The
 * seed comes later, from where `seedFrom` says, so that nobody can choose either to suit the other.
 */
export async function freezeSpotCheck(
  db: Db,
  actor: Actor,
  input: z.infer<typeof freezeSpotInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'freezeSpotCheck', input, at }, async () => {
      const { id, regionId, from, to, percent, seedFrom } = input
      const region = await findRegionInScope(tx, actor, can('audit.decideRed'), regionId)
      refuse(await whyNotStep(tx, actor, 'supervise', region.path, at))
      refuse(to < from ? 'DATE_ORDER' : to > dayOf(at) ? 'DATE_IN_FUTURE' : null, { field: 'to' })
      const rows = await tx.visit.findMany({
        where: { regionPath: underPath(region.path), day: { gte: from, lte: to }, counted: true },
        select: { id: true },
        orderBy: { id: 'asc' },
        take: LIST_MAX + 1,
      })
      refuse(rows.length === 0 ? 'SPOT_EMPTY' : rows.length > LIST_MAX ? 'TOO_LARGE' : null)
      const list = rows.map((one) => one.id).join('\n')
      const frozen = { percent, seedFrom, listHash: hashOf(list), listSize: rows.length }
      await tx.spotCheck.create({
        data: {
          ...{ ...frozen, id, list, regionId, regionPath: region.path, fromDay: from, toDay: to },
          ...{ byPersonId: actor.personId, createdAt: at },
        },
      })
      await logOperation(tx, actor, {
        ...{ at, action: 'freezeList', resource: 'spotCheck', resourceId: id, regionPath: region.path, after: frozen },
      })
      return { id }
    }),
  )
}

type Inspector = { personId: string; regionPath: string }

/**
 * Draws visits, and for each an inspector who had no part in it, from the frozen list and the public seed: who has both draws
 * the same.
 */
export async function drawSpotCheck(
  db: Db,
  actor: Actor,
  checkId: string,
  input: z.infer<typeof drawSpotInput>,
  at: Date,
): Promise<{ id: string }> {
  const asked = { checkId, ...input }
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'drawSpotCheck', input: asked, at }, async () => {
      const check = await findCheck(tx, actor, checkId, can('audit.decideRed'))
      refuse(await whyNotStep(tx, actor, 'supervise', check.regionPath, at))
      const drawn = await tx.spotCheck.updateMany({
        where: { id: checkId, seed: null },
        data: { seed: input.seed, drawnAt: at },
      })
      refuse(drawn.count === 0 ? 'SPOT_DRAWN' : null)
      const visitIds = drawFrom(check, input.seed)
      const visits = await findVisits(tx, { id: { in: [...visitIds] } }, { take: visitIds.length })
      const byId = new Map(visits.map((visit) => [visit.id, visit]))
      const inspectors = await inspectorsOf(tx, check.regionPath, dayOf(at))
      const items = visitIds.map((visitId, position) => {
        const visit = byId.get(visitId)
        const inspectorPersonId = visit === undefined ? null : inspectorFor(input.seed, visit, inspectors)
        if (visit === undefined || inspectorPersonId === null) throw new Refusal('SPOT_NO_INSPECTOR')
        const id = idFrom('spotItem', checkId, visitId)
        return { id, checkId, visitId, regionPath: visit.regionPath, position, inspectorPersonId }
      })
      await insertAll(tx, 'spot_item', items)
      await logOperation(tx, actor, {
        ...{ at, action: 'draw', resource: 'spotCheck', resourceId: checkId, regionPath: check.regionPath },
        after: { seed: input.seed, drawn: items.length },
      })
      return { id: checkId }
    }),
  )
}

/** The visits of a frozen list that a seed draws: those with the smallest hash of seed, list and id. */
function drawFrom(
  { list, listHash, percent }: { list: string; listHash: string; percent: number },
  seed: string,
): string[] {
  const ids = list.split('\n')
  const count = Math.ceil((ids.length * percent) / 100)
  return ids
    .map((id) => ({ id, rank: hashOf(`${seed}\n${listHash}\n${id}`) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ id }) => id)
}

function inspectorFor(
  seed: string,
  visit: Accountable & { id: string; decisions: readonly { byPersonId: string }[] },
  inspectors: readonly Inspector[],
): string | null {
  const involved = new Set([
    visit.memberPersonId,
    visit.enteredByPersonId,
    ...[...visit.confirmations, ...visit.decisions].map(({ byPersonId }) => byPersonId),
  ])
  const free = inspectors.filter(
    ({ personId, regionPath }) => visit.regionPath.startsWith(regionPath) && !involved.has(personId),
  )
  const [first] = [...new Set(free.map(({ personId }) => personId))]
    .map((personId) => ({ personId, rank: hashOf(`${seed}\n${visit.id}\n${personId}`) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
  return first?.personId ?? null
}

/** Whoever decides on visits of this place, by the roles of the day. */
async function inspectorsOf(tx: Tx, path: string, day: string): Promise<Inspector[]> {
  const roles = await tx.staffRole.findMany({
    where: {
      role: { in: [...can('audit.decide')] },
      validFrom: { lte: day },
      OR: [{ validTo: null }, { validTo: { gte: day } }],
    },
    select: { personId: true, regionPath: true },
    orderBy: { personId: 'asc' },
  })
  return roles.filter(({ regionPath }) => path.startsWith(regionPath) || regionPath.startsWith(path))
}

/** What the inspector who was drawn found, once. A problem is then decided on at the desk. */
export async function recordFinding(
  db: Db,
  actor: Actor,
  itemId: string,
  input: z.infer<typeof spotFindingInput>,
  at: Date,
): Promise<{ id: string }> {
  const asked = { itemId, ...input }
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'recordFinding', input: asked, at }, async () => {
      const item = await tx.spotItem.findFirst({ where: { id: itemId, ...inScope(actor, can('audit.decide')) } })
      if (item === null) throw new Refusal('NOT_FOUND')
      refuse(item.inspectorPersonId === actor.personId ? null : 'NOT_ALLOWED')
      refuse(input.finding === 'problem' && input.note === '' ? 'REQUIRED' : null, { field: 'note' })
      const { finding, note } = input
      const found = await tx.spotItem.updateMany({
        where: { id: itemId, finding: null },
        data: { finding, note, foundAt: at },
      })
      refuse(found.count === 0 ? 'SPOT_FOUND' : null)
      await logOperation(tx, actor, {
        ...{ at, action: 'inspect', resource: 'visit', resourceId: item.visitId, regionPath: item.regionPath },
        after: { finding },
      })
      return { id: item.checkId }
    }),
  )
}

export async function listSpotChecks(db: Reader, actor: Actor): Promise<SpotCheckView[]> {
  const rows = await db.spotCheck.findMany({
    where: inScope(actor, can('audit.read')),
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: 200,
  })
  return show(db, rows)
}

export async function findSpotCheck(
  db: Db,
  keys: Keys,
  actor: Actor,
  checkId: string,
  at: Date,
): Promise<SpotCheckDetail> {
  const check = await findCheck(db, actor, checkId, can('audit.read'))
  const [shown] = await show(db, [check])
  const items = await db.spotItem.findMany({ where: { checkId }, orderBy: { position: 'asc' } })
  const visits = await findVisits(db, { id: { in: items.map(({ visitId }) => visitId) } }, { take: items.length })
  const lines = new Map((await showVisits(db, keys, actor, visits, at)).map((line) => [line.id, line]))
  const persons = await openPersons(db, keys, [...new Set(items.map((one) => one.inspectorPersonId))])
  return {
    ...(shown as SpotCheckView),
    reproduced: check.seed === null ? null : isReproduced(check, check.seed, items),
    items: items.map(({ id, visitId, position, inspectorPersonId, finding, note }) => {
      const line = lines.get(visitId)
      return {
        ...{ id, visitId, position: position + 1, note },
        day: dayOf(new Date(line?.checkInAt ?? 0)),
        regionName: line?.regionName ?? '',
        memberName: line?.memberName ?? '',
        elderNames: line === undefined ? '' : servedWords(line),
        inspectorName: maskName(persons.get(inspectorPersonId)?.name ?? ''),
        isMine: inspectorPersonId === actor.personId,
        finding: finding as 'asRecorded' | 'problem' | null,
      }
    }),
  }
}

/** Whether list, hash, seed and draw still belong together. */
function isReproduced(
  check: { list: string; listHash: string; percent: number },
  seed: string,
  items: readonly { visitId: string }[],
): boolean {
  const again = drawFrom(check, seed)
  return hashOf(check.list) === check.listHash && again.join() === items.map(({ visitId }) => visitId).join()
}

async function findCheck(db: Reader, actor: Actor, checkId: string, roles: readonly Role[]) {
  const check = await db.spotCheck.findFirst({ where: { id: checkId, ...inScope(actor, roles) } })
  if (check === null) throw new Refusal('NOT_FOUND')
  return check
}

async function show(db: Reader, rows: readonly Awaited<ReturnType<typeof findCheck>>[]): Promise<SpotCheckView[]> {
  const names = await regionNames(
    db,
    rows.map((one) => one.regionId),
  )
  const sums = await query<{ checkId: string; drawn: bigint; found: bigint; problems: bigint }>(
    db,
    `SELECT "checkId", COUNT(*) AS "drawn", COUNT("finding") AS "found", SUM(CASE WHEN "finding" = 'problem' THEN 1 ELSE 0 END) AS "problems"
     FROM spot_item WHERE "checkId" IN LIST($1) GROUP BY "checkId"`,
    rows.map((one) => one.id),
  )
  const sumOf = new Map(sums.map((one) => [one.checkId, one]))
  return rows.map((row) => ({
    ...{ id: row.id, from: row.fromDay, to: row.toDay, percent: row.percent, seedFrom: row.seedFrom, seed: row.seed },
    ...{ regionId: row.regionId, regionName: names.get(row.regionId)?.name ?? '' },
    ...{ listSize: row.listSize, listHash: row.listHash, createdAt: row.createdAt.toISOString() },
    drawnAt: row.drawnAt?.toISOString() ?? null,
    drawn: Number(sumOf.get(row.id)?.drawn ?? 0),
    found: Number(sumOf.get(row.id)?.found ?? 0),
    problems: Number(sumOf.get(row.id)?.problems ?? 0),
  }))
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
