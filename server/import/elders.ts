import { Refusal, type RefusalCode } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { EnrolElderInput } from '../../shared/elder/input'
import { consentsNeeded } from '../../shared/elder/rules'
import { CATEGORY_WORDS, type Category, CONSENT_TEXT } from '../../shared/elder/words'
import { ELDER_COLUMNS, type ElderColumn, type ElderRow, readElderRow } from '../../shared/import/elder-row'
import type { ImportLine } from '../../shared/import/view'
import { maskName, normaliseIdNumber, normalisePhone } from '../../shared/person/rules'
import { idFrom } from '../core/ids'
import type { SheetRow } from '../core/read-sheet'
import { changeElder } from '../elder/change'
import { enrolElders } from '../elder/enrol'
import { tagElder } from '../elder/tag'
import { takeBackElders } from './elders-undo'
import { bringInChunks, type Given, type ImportKind, type Line, note, refuseLine } from './kind'
import { type KnownElder, knownElders, type Place, placesByName } from './queries'

const COLUMN_OF_FIELD: Record<string, ElderColumn> = {
  'person.name': '姓名',
  'person.idNumber': '证件号码',
  'person.birthDate': '出生日期',
  'person.phone': '电话',
  regionId: '村或社区',
  consents: '同意服务',
  categories: '类别',
}

/** So many elders are one commit. */
const CHUNK = 100

type Plan = {
  row: ElderRow
  place: Place
  /** what an update fills in */
  fills: { categories: Category[]; phone: string | null }
}
type ElderLine = Line<Plan>

/**
 * Elders: an elder who is known is never overwritten. What is empty in the register is filled in, what differs is told.
 */
export const elderImport: ImportKind<Plan> = {
  columns: ELDER_COLUMNS,
  judge: judgeElders,
  bring: bringElders,
  keeps: (line, batchId) => ({
    filled: [
      ...(line.plan?.fills.phone == null ? [] : ['phone']),
      ...(line.plan?.fills.categories ?? []).map((category) => tagIdOf(batchId, line, category)),
    ],
    externalNo: line.plan?.row.externalNo ?? null,
  }),
  takeBack: takeBackElders,
}

async function judgeElders(
  { db, keys, actor, batchId, at }: Given,
  rows: readonly { source: SheetRow; cell: (title: string) => string }[],
): Promise<ElderLine[]> {
  const placeOf = await placesByName(db, actor, dayOf(at))
  const read = rows.map(({ source, cell }) => {
    const { row, faults } = readElderRow(cell, dayOf(at))
    const places = row === null ? [] : placeOf(row)
    const name = cell('姓名')
    const placeFault: { column: ElderColumn; code: RefusalCode }[] =
      row === null || places.length === 1
        ? []
        : [{ column: '村或社区', code: places.length === 0 ? 'REGION_UNKNOWN' : 'REGION_AMBIGUOUS' }]
    return {
      source,
      name,
      row,
      place: places.length === 1 ? (places[0] as Place) : null,
      faults: [...faults, ...placeFault],
    }
  })
  const known = await knownElders(
    db,
    keys,
    read.flatMap(({ row, place }) => (row === null || place === null ? [] : [{ row, regionId: place.id }])),
  )
  const twice = newTwice()
  return read.map(({ source, name, row, place, faults }): ElderLine => {
    const view = { line: source.line, name: name === '' ? '' : maskName(name), subjectId: null }
    if (row === null || place === null || faults.length > 0) {
      const notes = faults.map(({ column, code }) => note(column, code))
      return { source, plan: null, view: { ...view, state: 'error', notes } }
    }
    const base = { source, plan: { row, place, fills: { categories: [], phone: null } } }
    const earlier = twice(row, place, source.line)
    if (earlier !== null)
      return {
        ...base,
        view: { ...view, state: 'error', notes: [{ column: '姓名', sentence: `和第 ${earlier} 行是同一位` }] },
      }
    const elder = known(row, place.id)
    if (elder === null || (elder.ended && elder.name === row.person.name))
      return {
        ...base,
        view: { ...view, state: 'new', subjectId: elder?.id ?? elderIdOf(batchId, source.line), notes: [] },
      }
    return compared(source, view, row, place, elder)
  })
}

/** The id an elder of this line gets: the same whenever the file is sent again under this batch. */
function elderIdOf(batchId: string, line: number): string {
  return idFrom('import', batchId, String(line))
}

/** The column a refusal of the register is about. */
function columnOf(field: string | undefined): ElderColumn {
  return COLUMN_OF_FIELD[field ?? ''] ?? '姓名'
}

function compared(
  source: SheetRow,
  view: Pick<ImportLine, 'line' | 'name'>,
  row: ElderRow,
  place: Place,
  elder: KnownElder,
): ElderLine {
  const stays = (column: ElderColumn) => ({ column, sentence: '和登记的不一样，没有改动' })
  const lacking = row.categories.filter((one) => !elder.categories.has(one))
  const needed = consentsNeeded({ hasIdNumber: false, categories: lacking }).filter((one) => one !== 'service')
  const allowed = needed.every((one) => elder.consents.has(one)) ? lacking : []
  const phone = row.person.phone === undefined ? null : normalisePhone(row.person.phone)
  const fills = { categories: allowed, phone: elder.phone === null ? phone : null }
  const notes = [
    ...(elder.name === row.person.name ? [] : [stays('姓名')]),
    ...(elder.regionId === place.id ? [] : [stays('村或社区')]),
    ...(phone === null || elder.phone === null || elder.phone === phone ? [] : [stays('电话')]),
    ...(allowed.length === lacking.length ? [] : [note('同意登记健康情况', 'CONSENT_NEEDED')]),
    ...(fills.phone === null ? [] : [{ column: '电话', sentence: '补上' }]),
    ...(allowed.length === 0
      ? []
      : [{ column: '类别', sentence: `补上${allowed.map((one) => CATEGORY_WORDS[one]).join('、')}` }]),
  ]
  const state = fills.phone !== null || allowed.length > 0 ? 'update' : 'skip'
  return { source, plan: { row, place, fills }, view: { ...view, state, subjectId: elder.id, notes } }
}

/** Finds a line that says the same elder once more: the line it came in first, or null. */
function newTwice(): (row: ElderRow, place: Place, line: number) => number | null {
  const first = new Map<string, number>()
  return ({ person: { name, idNumber, birthDate, phone } }, place, line) => {
    const keys = [
      ...(idNumber === undefined ? [] : [`number ${normaliseIdNumber(idNumber)}`]),
      ...(phone === undefined ? [] : [`phone ${normalisePhone(phone)} ${name}`]),
      ...(idNumber === undefined && birthDate !== undefined ? [`born ${place.id} ${name} ${birthDate}`] : []),
    ]
    const before = keys.map((key) => first.get(key)).find((one) => one !== undefined) ?? null
    for (const key of keys) if (!first.has(key)) first.set(key, line)
    return before
  }
}

/** A line as the form would have sent it. */
function enrolmentOf({ plan, source }: ElderLine, batchId: string): EnrolElderInput {
  const { row, place } = plan as Plan
  const { person, address, ownPhone, categories, validFrom, contact, consents, how } = row
  const id = elderIdOf(batchId, source.line)
  return {
    id,
    regionId: place.id,
    person,
    address,
    ownPhone,
    categories: categories.map((category) => ({ id: idFrom(id, category), category, validFrom })),
    contacts: contact === null ? [] : [{ id: idFrom(id, 'contact'), ...contact }],
    consents: consents.map((kind) => ({ kind, textVersion: CONSENT_TEXT, how })),
  }
}

async function bringElders(given: Given, lines: readonly ElderLine[]): Promise<void> {
  const { db, keys, actor, batchId, at } = given
  const done = await alreadyThere(given, lines)
  const fresh = lines.filter(({ view, source }) => view.state === 'new' && !done.has(source.line))
  await bringInChunks(
    fresh,
    CHUNK,
    async (chunk) => {
      const id = idFrom('import', batchId, chunk.map(({ source }) => source.line).join())
      const inputs = chunk.map((line) => enrolmentOf(line, batchId))
      const ids = await enrolElders(db, keys, actor, inputs, { id }, at)
      for (const [place, line] of chunk.entries()) line.view = { ...line.view, subjectId: ids[place] ?? null }
    },
    columnOf,
  )
  for (const line of lines.filter(({ view }) => view.state === 'update')) await fillIn(given, line)
}

/** Lines whose elder an earlier try of this batch enrolled: the register knows them by now, yet they are its own. */
async function alreadyThere({ db, batchId }: Given, lines: readonly ElderLine[]): Promise<Set<number>> {
  const own = new Map(lines.map((one) => [elderIdOf(batchId, one.source.line), one]))
  const there = await db.elder.findMany({ where: { id: { in: [...own.keys()] } }, select: { id: true } })
  for (const { id } of there) {
    const line = own.get(id)
    if (line !== undefined) line.view = { ...line.view, state: 'new', subjectId: id, notes: [] }
  }
  return new Set(there.flatMap(({ id }) => own.get(id)?.source.line ?? []))
}

async function fillIn({ db, keys, actor, batchId, at }: Given, line: ElderLine): Promise<void> {
  const elderId = line.view.subjectId as string
  const { row, fills } = line.plan as Plan
  try {
    if (fills.phone !== null) await changeElder(db, keys, actor, elderId, { phone: fills.phone }, at)
    for (const category of fills.categories) {
      const id = tagIdOf(batchId, line, category)
      await tagElder(db, actor, elderId, { id, category, validFrom: row.validFrom }, at)
    }
  } catch (error) {
    refuseLine(line, error instanceof Refusal ? columnOf(error.detail.field) : '姓名', error)
  }
}

function tagIdOf(batchId: string, line: ElderLine, category: string): string {
  return idFrom('import', batchId, String(line.source.line), category)
}
