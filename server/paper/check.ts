import { REFUSALS, Refusal, type RefusalCode } from '../../shared/core/refusals'
import { dayOf, isDay, monthOf } from '../../shared/core/time'
import { IMPORT_ROWS_MAX } from '../../shared/import/limits'
import type { CheckPaperInput, PaperLineInput } from '../../shared/paper/input'
import { PAPER_COLUMNS, readSheetLine, SIGNER_OF, type Signer, spanOf, whyNotSpan } from '../../shared/paper/rules'
import type { PaperLineView } from '../../shared/paper/view'
import { maskName, normaliseName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { secondsBetween, whyNotHelp, whyNotServe } from '../../shared/visit/rules'
import { type Actor, inScope } from '../core/actor'
import { findBy, groupBy, type RowOf } from '../core/bulk'
import type { Keys } from '../core/config'
import { query, type Reader } from '../core/db'
import { idFrom } from '../core/ids'
import { readSheet } from '../core/read-sheet'
import { initialsOf } from '../person/initials'
import { openPersons, phoneIndexOf } from '../person/vault'
import { findPlates } from '../plate/queries'
import { settingsAt } from '../region/settings'

/** A line as it was written, before anybody is looked up. */
type Written = {
  line: number
  sheetLine: string
  elder: { id: string } | { name: string; number: string }
  member: { id: string } | { name: string; phone: string }
  service: { id: string } | { name: string }
  day: string
  from: string
  to: string
  signedBy: Signer | undefined
}
type Elder = RowOf<'Elder'>
type Member = RowOf<'Member'>
type Service = RowOf<'Service'>

export type CheckedLine = {
  view: PaperLineView
  /** what would be written; null for a line at fault, or known */
  entry: {
    visitId: string
    sheetKey: string | null
    elder: Elder
    member: Member
    service: Service
    day: string
    from: Date
    to: Date
    signedBy: Signer
  } | null
}

/** What these lines would do, one by one; nothing is written. What is known already is skipped, what is at fault is told. */
export async function checkPaper(
  db: Reader,
  keys: Keys,
  actor: Actor,
  input: CheckPaperInput,
  at: Date,
): Promise<{ lines: CheckedLine[]; left: number }> {
  const written =
    input.file === undefined ? (input.lines ?? []).map(writtenOf) : await readFile(Buffer.from(input.file, 'base64'))
  const known = await lookUp(db, keys, actor, written)
  const left = await quotaLeft(db, actor, at)
  const judged: CheckedLine[] = []
  for (const one of written) judged.push(await judge(db, actor, one, known, at))
  return { lines: await onlyNew(db, judged, left), left }
}

/** How many lines this clerk may still enter this month, by the setting of where the clerk works. */
export async function quotaLeft(db: Reader, actor: Actor, at: Date): Promise<number> {
  const path = actor.roles.find(({ role }) => can('paper.enter').includes(role))?.regionPath ?? '/'
  const { paperLinesMonthMax } = await settingsAt(db, path, dayOf(at))
  const [used] = await query<{ lines: bigint | null }>(
    db,
    `SELECT SUM("lines") AS "lines" FROM paper_batch WHERE "enteredByPersonId" = $1 AND "month" = $2 AND "state" <> 'rejected'`,
    actor.personId,
    monthOf(at),
  )
  return Math.max(0, paperLinesMonthMax - Number(used?.lines ?? 0))
}

function writtenOf(line: PaperLineInput, place: number): Written {
  const { elderId, memberId, serviceId, day, from, to, signedBy, sheetLine = '' } = line
  return {
    ...{ line: place + 1, sheetLine, day, from, to, signedBy },
    elder: { id: elderId },
    member: { id: memberId },
    service: { id: serviceId },
  }
}

/** @throws Refusal IMPORT_TEMPLATE and those of `readSheet` */
async function readFile(bytes: Buffer): Promise<Written[]> {
  const { titles, rows } = await readSheet(bytes, { rowsMax: IMPORT_ROWS_MAX })
  const missing = PAPER_COLUMNS.find((column) => 'must' in column && !titles.includes(column.title))
  if (missing !== undefined) throw new Refusal('IMPORT_TEMPLATE', { field: 'file', missing: missing.title })
  return rows.map(({ line, cells }) => {
    const cell = (title: string) => cells[titles.indexOf(title)]?.trim() ?? ''
    const time = (title: string) =>
      cell(title)
        .replace('：', ':')
        .replace(/^(\d):/, '0$1:')
        .slice(0, 5)
    return {
      line,
      sheetLine: cell('行码'),
      elder: { name: cell('老人'), number: cell('老人编号') },
      member: { name: cell('志愿者'), phone: cell('志愿者电话') },
      service: { name: cell('服务项目') },
      day: cell('日期'),
      from: time('开始'),
      to: time('结束'),
      signedBy: SIGNER_OF[cell('老人签字')],
    }
  })
}

type Known = Awaited<ReturnType<typeof lookUp>>

/** Whom these lines are about, each kind of thing read once for all of them. */
async function lookUp(db: Reader, keys: Keys, actor: Actor, written: readonly Written[]) {
  const codes = written.map(({ sheetLine }) => readSheetLine(sheetLine))
  const numbers = written.flatMap(({ elder }) => ('number' in elder && elder.number !== '' ? [elder.number] : []))
  const plates = await findPlates(db, keys, numbers)
  const names = written.flatMap(({ elder }) => ('name' in elder ? [normaliseName(elder.name)] : []))
  const initials = [...new Set(names.map(initialsOf))].filter((one) => one !== '')
  const scope = inScope(actor, can('elder.keep')).OR
  const byInitials =
    initials.length === 0
      ? []
      : await eldersByInitials(
          db,
          initials,
          scope.map(({ regionPath }) => regionPath),
        )
  const elderIds = [
    ...written.flatMap(({ elder }) => ('id' in elder ? [elder.id] : [])),
    ...codes.flatMap((code) => (code?.kind === 'elder' ? [code.id] : [])),
    ...[...plates.values()].flatMap((found) => found?.plate.elderId ?? []),
  ]
  const elders = [...(await findBy(db, 'Elder', 'id', [...new Set(elderIds)])), ...byInitials]
  const phones = written.flatMap(({ member }) => ('phone' in member && member.phone !== '' ? [member.phone] : []))
  const persons = await findBy(db, 'Person', 'phoneIndex', [...new Set(phones.map((one) => phoneIndexOf(keys, one)))])
  const memberIds = [
    ...written.flatMap(({ member }) => ('id' in member ? [member.id] : [])),
    ...codes.flatMap((code) => (code?.kind === 'member' ? [code.id] : [])),
  ]
  const members = [
    ...(await findBy(db, 'Member', 'id', [...new Set(memberIds)])),
    ...(await findBy(
      db,
      'Member',
      'personId',
      persons.map(({ id }) => id),
    )),
  ]
  const opened = await openPersons(
    db,
    keys,
    [...elders, ...members].map(({ personId }) => personId),
  )
  const services = await query<Service>(db, `SELECT * FROM service WHERE "active"`)
  const nameOf = (personId: string) => opened.get(personId)?.name ?? ''
  const mine = elders.filter(({ regionPath }) => isMine(actor, regionPath))
  return {
    keys,
    nameOf,
    services,
    plates,
    elderOf: new Map(mine.map((one) => [one.id, one])),
    eldersNamed: groupBy([...new Map(mine.map((one) => [one.id, one])).values()], ({ personId }) =>
      normaliseName(nameOf(personId)),
    ),
    memberOf: new Map(members.map((one) => [one.id, one])),
    membersAt: groupBy(members, ({ personId }) => phoneOf(persons, personId)),
  }
}

function phoneOf(persons: readonly RowOf<'Person'>[], personId: string): string {
  return persons.find(({ id }) => id === personId)?.phoneIndex ?? ''
}

function isMine(actor: Actor, regionPath: string): boolean {
  return actor.roles.some((one) => can('paper.enter').includes(one.role) && regionPath.startsWith(one.regionPath))
}

async function eldersByInitials(
  db: Reader,
  initials: readonly string[],
  ranges: readonly { gte: string; lt: string }[],
): Promise<Elder[]> {
  const found: Elder[] = []
  for (const { gte, lt } of ranges)
    found.push(
      ...(await query<Elder>(
        db,
        `SELECT e.* FROM elder AS e JOIN person AS p ON p."id" = e."personId"
         WHERE e."regionPath" >= $1 AND e."regionPath" < $2 AND p."nameInitials" IN LIST($3)`,
        gte,
        lt,
        initials.flatMap((one) => [one, one.toUpperCase()]),
      )),
    )
  return found
}

/** The same helper at the same elder's from the same minute is the same visit, however often it is entered. */
export function paperVisitId(memberId: string, elderId: string, day: string, from: string): string {
  return idFrom('paper', memberId, elderId, day, from)
}

async function judge(db: Reader, actor: Actor, one: Written, known: Known, at: Date): Promise<CheckedLine> {
  const faults: { column: string; code: RefusalCode }[] = []
  const code = one.sheetLine === '' ? null : readSheetLine(one.sheetLine)
  if (one.sheetLine !== '' && code === null) faults.push({ column: '行码', code: 'CHOICE_UNKNOWN' })
  const elder = findElder(one, code, known, faults)
  const member = findMember(one, code, known, faults)
  const service = known.services.find((row) =>
    'id' in one.service ? row.id === one.service.id : row.name === one.service.name && isAbove(row, elder),
  )
  if (service === undefined || !isAbove(service, elder)) faults.push({ column: '服务项目', code: 'SERVICE_UNKNOWN' })
  if (one.signedBy === undefined) faults.push({ column: '老人签字', code: 'CHOICE_UNKNOWN' })
  const isTime = /^([01]\d|2[0-3]):[0-5]\d$/
  const span = isDay(one.day) && isTime.test(one.from) && isTime.test(one.to) ? spanOf(one.day, one.from, one.to) : null
  if (!isDay(one.day)) faults.push({ column: '日期', code: 'DATE_FORM' })
  else if (span === null) faults.push({ column: '开始', code: 'PAPER_TIME' })
  if (span !== null && elder !== null) {
    const { paperDaysMax } = await settingsAt(db, elder.regionPath, dayOf(at))
    const reason = whyNotSpan(span, one.day, { day: dayOf(at), at }, paperDaysMax)
    if (reason !== null) faults.push({ column: reason === 'PAPER_TIME' ? '结束' : '日期', code: reason })
  }
  if (member !== null && elder !== null && faults.length === 0) {
    if (member.personId === actor.personId) faults.push({ column: '志愿者', code: 'PAPER_OWN' })
    const reason = whyNotHelp(member) ?? whyNotServe({ ...member, personId: member.personId }, elder, one.day)
    if (reason !== null) faults.push({ column: '志愿者', code: reason })
  }
  const view: PaperLineView = {
    line: one.line,
    state: 'error',
    elderName:
      elder === null ? ('name' in one.elder ? maskName(one.elder.name) : '') : maskName(known.nameOf(elder.personId)),
    memberName:
      member === null
        ? 'name' in one.member
          ? maskName(one.member.name)
          : ''
        : maskName(known.nameOf(member.personId)),
    serviceName: service?.name ?? ('name' in one.service ? one.service.name : ''),
    ...{ day: one.day, from: one.from, to: one.to, signedBy: one.signedBy ?? '' },
    minutes: span === null ? null : Math.floor(secondsBetween(span.from, span.to) / 60),
    visitId: null,
    notes: [],
  }
  const fault = (list: typeof faults): CheckedLine => ({
    view: { ...view, notes: list.map(({ column, code: reason }) => ({ column, sentence: REFUSALS[reason][1] })) },
    entry: null,
  })
  if (faults.length > 0 || elder === null || member === null || service === undefined || span === null)
    return fault(faults)
  const visitId = paperVisitId(member.id, elder.id, one.day, one.from)
  const sheetKey = one.sheetLine === '' ? null : one.sheetLine.trim()
  const signedBy = one.signedBy ?? 'nobody'
  return {
    view: { ...view, state: 'new', visitId },
    entry: { visitId, sheetKey, elder, member, service, day: one.day, from: span.from, to: span.to, signedBy },
  }
}

/** What is in the books already is skipped; the same line twice, and what is beyond the clerk's quota, is at fault. */
async function onlyNew(db: Reader, judged: readonly CheckedLine[], left: number): Promise<CheckedLine[]> {
  const entries = judged.flatMap(({ entry }) => entry ?? [])
  const taken = new Set(
    (
      await query<{ visitKey: string; sheetKey: string | null }>(
        db,
        `SELECT "visitKey", "sheetKey" FROM paper_line WHERE "visitKey" IN LIST($1) OR "sheetKey" IN LIST($2)`,
        entries.map(({ visitId }) => visitId),
        entries.flatMap(({ sheetKey }) => sheetKey ?? []),
      )
    ).flatMap(({ visitKey, sheetKey }) => [visitKey, sheetKey ?? visitKey]),
  )
  const seen = new Set<string>()
  let free = left
  return judged.map(({ view, entry }): CheckedLine => {
    if (entry === null) return { view, entry }
    const keys = [entry.visitId, ...(entry.sheetKey === null ? [] : [entry.sheetKey])]
    const without = (state: 'skip' | 'error', code: RefusalCode): CheckedLine => ({
      view: { ...view, state, notes: [{ column: '日期', sentence: REFUSALS[code][1] }] },
      entry: null,
    })
    if (keys.some((key) => taken.has(key))) return without('skip', 'PAPER_KNOWN')
    if (keys.some((key) => seen.has(key))) return without('error', 'PAPER_TWICE')
    for (const key of keys) seen.add(key)
    if (free === 0) return without('error', 'PAPER_QUOTA')
    free -= 1
    return { view, entry }
  })
}

type Faults = { column: string; code: RefusalCode }[]
type Code = ReturnType<typeof readSheetLine>

function findElder(one: Written, code: Code, known: Known, faults: Faults): Elder | null {
  const id = 'id' in one.elder ? one.elder.id : code?.kind === 'elder' ? code.id : null
  if (id !== null) {
    const found = known.elderOf.get(id)
    if (found === undefined) faults.push({ column: '老人', code: 'PAPER_ELDER' })
    return found ?? null
  }
  const { name, number } = one.elder as { name: string; number: string }
  if (number !== '') {
    const found = known.elderOf.get(known.plates.get(number)?.plate.elderId ?? '')
    if (found !== undefined && normaliseName(known.nameOf(found.personId)) === normaliseName(name)) return found
    faults.push({ column: '老人编号', code: 'PAPER_ELDER' })
    return null
  }
  const named = known.eldersNamed(normaliseName(name)).filter(({ endedDay }) => endedDay === null)
  if (named.length === 1) return named[0] as Elder
  faults.push({ column: '老人', code: named.length === 0 ? 'PAPER_ELDER' : 'PAPER_ELDER_TWO' })
  return null
}

function findMember(one: Written, code: Code, known: Known, faults: Faults): Member | null {
  const id = 'id' in one.member ? one.member.id : code?.kind === 'member' ? code.id : null
  if (id !== null) {
    const found = known.memberOf.get(id)
    if (found === undefined) faults.push({ column: '志愿者', code: 'PAPER_HELPER' })
    return found ?? null
  }
  const { name, phone } = one.member as { name: string; phone: string }
  const found = known
    .membersAt(phone === '' ? '-' : phoneIndexOf(known.keys, phone))
    .find(({ personId }) => normaliseName(known.nameOf(personId)) === normaliseName(name))
  if (found === undefined) faults.push({ column: '志愿者', code: 'PAPER_HELPER' })
  return found ?? null
}

function isAbove(service: Service, elder: Elder | null): boolean {
  return elder === null || elder.regionPath.startsWith(service.regionPath)
}
