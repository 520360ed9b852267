import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { CONSENT_TEXT } from '../../shared/elder/words'
import { MEMBER_COLUMNS, type MemberRow, readMemberRow } from '../../shared/import/member-row'
import type { ImportLine } from '../../shared/import/view'
import { maskName, normaliseIdNumber, normaliseName, normalisePhone } from '../../shared/person/rules'
import { findBy } from '../core/bulk'
import { blindIndex } from '../core/crypto'
import type { Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { logOperations } from '../core/operation-log'
import type { SheetRow } from '../core/read-sheet'

import { enrolMembers, trainingsText } from '../member/enrol'
import { openPersons, phoneIndexOf } from '../person/vault'
import { type Batch, bringInChunks, type Given, type ImportKind, type Kept, type Line, note, refuseLine } from './kind'
import { removePersons } from './persons-undo'
import { type Place, placesByName } from './queries'

/** So many helpers are one commit. */
const CHUNK = 100
const LOOKING = ['read', 'reveal', 'export']
const COLUMN_OF_FIELD: Record<string, string> = {
  'person.name': '姓名',
  'person.idNumber': '证件号码',
  'person.birthDate': '出生日期',
  'person.phone': '电话',
  regionId: '村或社区',
  trainings: '培训',
}

/** `fills` are the trainings the register does not have yet. */
type Plan = { row: MemberRow; place: Place; fills: string[] }
type MemberLine = Line<Plan>

/** Helpers: who is known is never overwritten; trainings that lack are added, what differs is told. */
export const memberImport: ImportKind<Plan> = {
  columns: MEMBER_COLUMNS,
  judge: judgeMembers,
  bring: bringMembers,
  keeps: ({ plan }) => ({ filled: plan?.fills ?? [], externalNo: plan?.row.externalNo ?? null }),
  takeBack: takeBackMembers,
}

async function judgeMembers(
  given: Given,
  rows: readonly { source: SheetRow; cell: (title: string) => string }[],
): Promise<MemberLine[]> {
  const { db, actor, batchId, at } = given
  const placeOf = await placesByName(db, actor, dayOf(at))
  const read = rows.map(({ source, cell }) => ({ source, name: cell('姓名'), ...readMemberRow(cell, dayOf(at)) }))
  const known = await knownMembers(
    given,
    read.flatMap(({ row }) => row ?? []),
  )
  const first = new Map<string, number>()
  return read.map(({ source, name, row, faults }): MemberLine => {
    const view = { line: source.line, name: name === '' ? '' : maskName(name), subjectId: null }
    const wrong = (notes: ImportLine['notes']): MemberLine => ({
      source,
      plan: null,
      view: { ...view, state: 'error', notes },
    })
    if (row === null) return wrong(faults.map(({ column, code }) => note(column, code)))
    const [place, twin] = placeOf(row)
    if (place === undefined || twin !== undefined)
      return wrong([note('村或社区', place === undefined ? 'REGION_UNKNOWN' : 'REGION_AMBIGUOUS')])
    const earlier = earlierLine(first, row, source.line)
    if (earlier !== null) return wrong([{ column: '姓名', sentence: `和第 ${earlier} 行是同一位` }])
    const member = known(row)
    if (member === null || member.state === 'ended') {
      const subjectId = member?.id ?? memberIdOf(batchId, source.line)
      return { source, plan: { row, place, fills: [] }, view: { ...view, state: 'new', subjectId, notes: [] } }
    }
    const fills = row.trainings.filter((one) => !member.trainings.includes(one))
    const differs = (column: string, isSame: boolean) =>
      isSame ? [] : [{ column, sentence: '和登记的不一样，没有改动' }]
    const notes = [
      ...differs('姓名', member.name === normaliseName(row.person.name)),
      ...differs('村或社区', member.regionId === place.id),
      ...differs('身份', member.kind === row.kind),
      ...(row.person.phone === undefined
        ? []
        : differs('电话', member.phone === null || member.phone === normalisePhone(row.person.phone))),
      ...(fills.length === 0 ? [] : [{ column: '培训', sentence: `补上${fills.join('、')}` }]),
    ]
    const state = fills.length === 0 ? 'skip' : 'update'
    return { source, plan: { row, place, fills }, view: { ...view, state, subjectId: member.id, notes } }
  })
}

/** The id a helper of this line gets: the same whenever the file is sent again under this batch. */
const memberIdOf = (batchId: string, line: number) => idFrom('importMember', batchId, String(line))

/** The line that named the same helper before, or null. */
function earlierLine(first: Map<string, number>, { person }: MemberRow, line: number): number | null {
  const { name, idNumber, phone, birthDate } = person
  const keys = [
    ...(idNumber === undefined ? [] : [`number ${normaliseIdNumber(idNumber)}`]),
    ...(phone === undefined ? [] : [`phone ${normalisePhone(phone)} ${name}`]),
    ...(idNumber === undefined && phone === undefined ? [`born ${name} ${birthDate ?? ''}`] : []),
  ]
  const before = keys.map((key) => first.get(key)).find((one) => one !== undefined) ?? null
  for (const key of keys) if (!first.has(key)) first.set(key, line)
  return before
}

type Named = { person: { name: string; idNumber?: string | undefined; phone?: string | undefined } }
type KnownMember = {
  id: string
  regionId: string
  countyId: string
  kind: string
  state: string
  trainings: string[]
  name: string
  phone: string | null
}

/** Who is registered as a helper already: by ID number, else by name and phone. */
export async function knownMembers(
  { db, keys }: Given,
  rows: readonly Named[],
): Promise<(row: Named) => KnownMember | null> {
  const numberOf = ({ person: { idNumber } }: Named) =>
    idNumber === undefined ? null : blindIndex(keys.index, 'idNumber', normaliseIdNumber(idNumber))
  const phoneOf = ({ person: { phone } }: Named) => (phone === undefined ? null : phoneIndexOf(keys, phone))
  const persons = [
    ...(await findBy(
      db,
      'Person',
      'idNumberIndex',
      rows.flatMap((row) => numberOf(row) ?? []),
    )),
    ...(await findBy(
      db,
      'Person',
      'phoneIndex',
      rows.flatMap((row) => phoneOf(row) ?? []),
    )),
  ]
  const ids = [...new Set(persons.map((one) => one.id))]
  const opened = await openPersons(db, keys, ids)
  const members = new Map((await findBy(db, 'Member', 'personId', ids)).map((one) => [one.personId, one]))
  const of = (personId: string | undefined): KnownMember | null => {
    const member = members.get(personId ?? '')
    if (member === undefined || personId === undefined) return null
    const { id, regionId, countyId, kind, state, trainings } = member
    const { name = '', phone = null } = opened.get(personId) ?? {}
    return {
      id,
      regionId,
      countyId,
      kind,
      state,
      name,
      phone,
      trainings: trainings.split(',').filter((one) => one !== ''),
    }
  }
  const byNumber = new Map(persons.map((one) => [one.idNumberIndex, one.id]))
  return (row) => {
    const number = numberOf(row)
    const sameNumber = number === null ? null : of(byNumber.get(number))
    if (sameNumber !== null) return sameNumber
    const phone = phoneOf(row)
    const same = persons.find(
      (one) =>
        phone !== null &&
        one.phoneIndex === phone &&
        opened.get(one.id)?.name === normaliseName(row.person.name) &&
        (number === null || one.idNumberIndex === null),
    )
    return of(same?.id)
  }
}

async function bringMembers(given: Given, lines: readonly MemberLine[]): Promise<void> {
  const { db, keys, actor, batchId, at } = given
  const done = await alreadyThere(given, lines)
  const columnOf = (field: string | undefined) => COLUMN_OF_FIELD[field ?? ''] ?? '姓名'
  await bringInChunks(
    lines.filter(({ view, source }) => view.state === 'new' && !done.has(source.line)),
    CHUNK,
    async (chunk) => {
      const id = idFrom('importMembers', batchId, chunk.map(({ source }) => source.line).join())
      const inputs = chunk.map(({ plan, source }) => {
        const { row, place } = plan as Plan
        const { kind, person, trainings, consents, how } = row
        return {
          ...{ id: memberIdOf(batchId, source.line), regionId: place.id, kind, person, trainings },
          consents: consents.map((one) => ({ kind: one, textVersion: CONSENT_TEXT, how })),
        }
      })
      const ids = await enrolMembers(db, keys, actor, inputs, { id }, at)
      for (const [place, line] of chunk.entries()) line.view = { ...line.view, subjectId: ids[place] ?? null }
    },
    columnOf,
  )
  for (const line of lines.filter(({ view }) => view.state === 'update')) await addTrainings(given, line)
}

/** Lines an earlier try of this batch enrolled. */
async function alreadyThere({ db, batchId }: Given, lines: readonly MemberLine[]): Promise<Set<number>> {
  const own = new Map(lines.map((one) => [memberIdOf(batchId, one.source.line), one]))
  const there = await findBy(db, 'Member', 'id', [...own.keys()])
  for (const { id } of there) {
    const line = own.get(id)
    if (line !== undefined) line.view = { ...line.view, state: 'new', subjectId: id, notes: [] }
  }
  return new Set(there.flatMap(({ id }) => own.get(id)?.source.line ?? []))
}

async function addTrainings({ db, actor, at }: Given, line: MemberLine): Promise<void> {
  const id = line.view.subjectId as string
  try {
    await db.$transaction(async (tx) => {
      const member = await tx.member.findUniqueOrThrow({ where: { id } })
      const before = member.trainings.split(',').filter((one) => one !== '')
      const trainings = trainingsText([...before, ...(line.plan?.fills ?? [])])
      await tx.member.update({ where: { id }, data: { trainings } })
      await logOperations(tx, actor, [
        {
          ...{ at, action: 'trainings', resource: 'member', resourceId: id, regionPath: member.regionPath },
          before: { trainings: member.trainings },
          after: { trainings },
        },
      ])
    })
  } catch (error) {
    refuseLine(line, '培训', error)
  }
}

/** Added helpers are gone, added trainings too; nothing when one of them has served, earned or been changed since. */
async function takeBackMembers(tx: Tx, { actor, at }: Given, batch: Batch, lines: readonly Kept[]): Promise<void> {
  const members = new Map(
    (
      await findBy(
        tx,
        'Member',
        'id',
        lines.map((one) => one.subjectId),
      )
    ).map((one) => [one.id, one]),
  )
  const ids = [...members.keys()]
  const changed = await tx.operationLog.count({
    where: { resource: 'member', resourceId: { in: ids }, at: { gt: batch.at }, action: { notIn: LOOKING } },
  })
  const added = lines.flatMap(({ change, subjectId }) => (change === 'added' ? (members.get(subjectId) ?? []) : []))
  const addedIds = added.map((one) => one.id)
  const uses = [
    changed,
    await tx.visit.count({ where: { memberId: { in: addedIds } } }),
    await tx.order.count({ where: { memberId: { in: addedIds } } }),
    await tx.personAccount.count({ where: { personId: { in: added.map((one) => one.personId) } } }),
  ]
  if (uses.some((count) => count > 0) || members.size < lines.length) throw new Refusal('IMPORT_TOUCHED')
  for (const { subjectId, filled } of lines.filter(({ change }) => change === 'updated')) {
    const member = members.get(subjectId)
    const gone = JSON.parse(filled) as string[]
    const left = (member?.trainings ?? '').split(',').filter((one) => one !== '' && !gone.includes(one))
    await tx.member.update({ where: { id: subjectId }, data: { trainings: trainingsText(left) } })
  }
  await tx.member.deleteMany({ where: { id: { in: addedIds } } })
  await removePersons(
    tx,
    added.map((one) => one.personId),
    batch.at,
  )
  await logOperations(
    tx,
    actor,
    lines.flatMap(({ subjectId, change }) => {
      const member = members.get(subjectId)
      if (member === undefined) return []
      const { regionPath } = member
      return [{ at, action: 'undoImport', resource: 'member', resourceId: subjectId, regionPath, after: { change } }]
    }),
  )
}
