import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { addSeconds, dayOf } from '../../shared/core/time'
import type { Page } from '../../shared/core/view'
import { maskName } from '../../shared/person/rules'
import type { askExportInput, decideExportInput, exportRequestQuery } from '../../shared/report/input'
import type { ExportRequestView } from '../../shared/report/view'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope, mayOver, whyNotProved } from '../core/actor'
import type { RowOf } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, type Tx, underPath } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import type { File } from '../core/route'
import { type Cell, type Sheet, sheetFile } from '../core/sheet'
import { addressesOf } from '../elder/queries'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionNames, regionsOfPath } from '../region/queries'
import { settingsAt } from '../region/settings'
import { markOf } from './export-file'
import { titled } from './sheets'

type Row = RowOf<'ExportRequest'>

const CHUNK = 500

/** Asks for a list with names, phones and addresses, and says what for. @throws Refusal NOT_FOUND */
export async function askExport(db: Db, actor: Actor, input: z.infer<typeof askExportInput>, at: Date) {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'askExport', input, at }, async () => {
      const { id, kind, regionId, purpose } = input
      const region = await findRegionInScope(tx, actor, can('unmasked.ask'), regionId)
      const { exportHours } = await settingsAt(tx, region.path, dayOf(at))
      await tx.exportRequest.create({
        data: {
          ...{ id, kind, regionId, regionPath: region.path, purpose, state: 'asked' },
          ...{ askedByPersonId: actor.personId, askedAt: at, expiresAt: addSeconds(at, exportHours * 3600) },
        },
      })
      await note(tx, actor, { id, regionPath: region.path, kind, purpose }, 'ask', at)
      return { id }
    }),
  )
}

/** Another person agrees, or does not. @throws Refusal NOT_FOUND, EXPORT_TWO_PERSONS, EXPORT_GONE, PROOF_NEEDED */
export async function decideExport(
  db: Db,
  actor: Actor,
  requestId: string,
  { agreed }: z.infer<typeof decideExportInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const row = await findRequest(tx, actor, requestId)
    if (row.askedByPersonId === actor.personId) throw new Refusal('EXPORT_TWO_PERSONS')
    if (stateOf(row, at) !== 'asked') throw new Refusal('EXPORT_GONE')
    refuse(agreed ? whyNotProved(actor, at) : null)
    const state = agreed ? 'agreed' : 'refused'
    const { count } = await tx.exportRequest.updateMany({
      where: { id: requestId, state: 'asked', expiresAt: { gt: at } },
      data: { state, decidedByPersonId: actor.personId, decidedAt: at },
    })
    if (count === 0) throw new Refusal('EXPORT_GONE')
    await note(tx, actor, row, agreed ? 'approve' : 'reject', at)
    return { id: requestId }
  })
}

/**
 * The file, for who asked and once. ID numbers are not in it: they are looked at one by one.
 * @throws Refusal NOT_FOUND for another's, EXPORT_GONE, PROOF_NEEDED
 */
export async function fetchExport(db: Db, keys: Keys, actor: Actor, requestId: string, at: Date): Promise<File> {
  const row = await findRequest(db, actor, requestId)
  if (row.askedByPersonId !== actor.personId) throw new Refusal('NOT_FOUND')
  if (stateOf(row, at) !== 'agreed') throw new Refusal('EXPORT_GONE')
  refuse(whyNotProved(actor, at))
  const isOpen = { id: requestId, state: 'agreed', expiresAt: { gt: at } }
  const sheet = row.kind === 'elders' ? eldersSheet(db, keys, row.regionPath) : membersSheet(db, keys, row.regionPath)
  const file = await sheetFile(sheet, 'xlsx', await markOf(db, keys, actor, at))
  await db.$transaction(async (tx) => {
    const { count } = await tx.exportRequest.updateMany({ where: isOpen, data: { state: 'fetched', fetchedAt: at } })
    if (count === 0) throw new Refusal('EXPORT_GONE')
    await note(tx, actor, row, 'export', at)
  })
  return file
}

export async function listExports(
  db: Db,
  keys: Keys,
  actor: Actor,
  query: z.infer<typeof exportRequestQuery>,
  at: Date,
): Promise<Page<ExportRequestView>> {
  const before = readCursor(query.cursor, 2)
  const askedAt = new Date(before?.[0] ?? 0)
  const rows = await db.exportRequest.findMany({
    where: {
      AND: [
        inScope(actor, can('unmasked.read')),
        before === null ? {} : { OR: [{ askedAt: { lt: askedAt } }, { askedAt, id: { lt: before[1] as string } }] },
      ],
    },
    orderBy: [{ askedAt: 'desc' }, { id: 'desc' }],
    take: query.limit + 1,
  })
  const persons = await openPersons(
    db,
    keys,
    rows.flatMap((one) => [one.askedByPersonId, one.decidedByPersonId ?? '']).filter(Boolean),
  )
  const nameOf = (personId: string) => maskName(persons.get(personId)?.name ?? '')
  const places = new Map<string, string>()
  for (const path of new Set(rows.map((one) => one.regionPath)))
    places.set(path, (await regionsOfPath(db, path)).at(-1)?.name ?? '')
  return toPage(
    rows,
    query.limit,
    (row): ExportRequestView => {
      const state = stateOf(row, at)
      const mayAct = mayOver(actor, can('unmasked.ask'), row.regionPath)
      const isMine = row.askedByPersonId === actor.personId
      return {
        ...{ id: row.id, kind: row.kind as ExportRequestView['kind'], purpose: row.purpose, state },
        ...{ regionName: places.get(row.regionPath) ?? '', askedByName: nameOf(row.askedByPersonId) },
        decidedByName: row.decidedByPersonId === null ? null : nameOf(row.decidedByPersonId),
        ...{ askedAt: row.askedAt.toISOString(), expiresAt: row.expiresAt.toISOString() },
        fetchedAt: row.fetchedAt?.toISOString() ?? null,
        mayDecide: state === 'asked' && mayAct && !isMine,
        mayFetch: state === 'agreed' && mayAct && isMine,
      }
    },
    (row) => cursorOf(row.askedAt.toISOString(), row.id),
  )
}

/** What ran out is said to have. */
export async function expireExports(db: Db, at: Date): Promise<number> {
  const { count } = await db.exportRequest.updateMany({
    where: { state: { in: ['asked', 'agreed'] }, expiresAt: { lte: at } },
    data: { state: 'expired' },
  })
  return count
}

function stateOf(row: Row, at: Date): ExportRequestView['state'] {
  const isOver = (row.state === 'asked' || row.state === 'agreed') && row.expiresAt <= at
  return isOver ? 'expired' : (row.state as ExportRequestView['state'])
}

async function findRequest(db: Db | Tx, actor: Actor, id: string): Promise<Row> {
  const row = await db.exportRequest.findFirst({ where: { id, ...inScope(actor, can('unmasked.ask')) } })
  if (row === null) throw new Refusal('NOT_FOUND')
  return row
}

function note(
  tx: Tx,
  actor: Actor,
  row: Pick<Row, 'id' | 'regionPath' | 'kind' | 'purpose'>,
  action: string,
  at: Date,
) {
  const { id, regionPath, kind, purpose } = row
  return logOperation(tx, actor, {
    ...{ at, action, resource: 'unmaskedExport', resourceId: id, regionPath, purpose, after: { kind } },
  })
}

function eldersSheet(db: Db, keys: Keys, regionPath: string): Sheet {
  async function* rows(): AsyncGenerator<Cell[]> {
    const where = { regionPath: underPath(regionPath), endedDay: null }
    for await (const elders of inChunks((after) =>
      db.elder.findMany({ where: { ...where, id: { gt: after } }, orderBy: { id: 'asc' }, take: CHUNK }),
    )) {
      const persons = await openPersons(
        db,
        keys,
        elders.map((one) => one.personId),
      )
      const addresses = await addressesOf(db, keys, elders)
      const places = await regionNames(
        db,
        elders.map((one) => one.regionId),
      )
      for (const { id, personId, regionId } of elders) {
        const person = persons.get(personId)
        yield [
          ...[places.get(regionId)?.name ?? '', person?.name ?? '', person?.birthDate ?? ''],
          ...[person?.phone ?? '', addresses.get(id) ?? ''],
        ]
      }
    }
  }
  return { name: '老人名单（不打码）', columns: titled('村（社区）', '姓名', '出生日期', '电话', '住址'), rows: rows() }
}

function membersSheet(db: Db, keys: Keys, regionPath: string): Sheet {
  async function* rows(): AsyncGenerator<Cell[]> {
    const where = { regionPath: underPath(regionPath), endedDay: null }
    for await (const members of inChunks((after) =>
      db.member.findMany({ where: { ...where, id: { gt: after } }, orderBy: { id: 'asc' }, take: CHUNK }),
    )) {
      const persons = await openPersons(
        db,
        keys,
        members.map((one) => one.personId),
      )
      const places = await regionNames(
        db,
        members.map((one) => one.regionId),
      )
      for (const { personId, regionId, joinedDay } of members) {
        const person = persons.get(personId)
        yield [places.get(regionId)?.name ?? '', person?.name ?? '', person?.phone ?? '', joinedDay]
      }
    }
  }
  return { name: '志愿者名单（不打码）', columns: titled('村（社区）', '姓名', '电话', '登记日'), rows: rows() }
}

async function* inChunks<T extends { id: string }>(read: (after: string) => Promise<T[]>): AsyncGenerator<T[]> {
  for (let after = ''; ; ) {
    const rows = await read(after)
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < CHUNK) return
    after = last.id
  }
}
