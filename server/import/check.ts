import { REFUSALS, Refusal, type RefusalCode } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { EnrolElderInput } from '../../shared/elder/input'
import { consentsNeeded } from '../../shared/elder/rules'
import { CATEGORY_WORDS, type Category, CONSENT_TEXT } from '../../shared/elder/words'
import { ELDER_COLUMNS, type ElderColumn, type ElderRow, readElderRow } from '../../shared/import/elder-row'
import { IMPORT_ROWS_MAX } from '../../shared/import/limits'
import type { ImportCounts, ImportLine } from '../../shared/import/view'
import { maskName, normaliseIdNumber, normalisePhone } from '../../shared/person/rules'
import type { Actor } from '../core/actor'
import type { Keys } from '../core/config'
import type { Reader } from '../core/db'
import { idFrom } from '../core/ids'
import { readSheet, type SheetRow } from '../core/read-sheet'
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

/** A line of the file, judged against the register. */
export type CheckedLine = {
  source: SheetRow
  view: ImportLine
  row: ElderRow | null
  place: Place | null
  /** what an update fills in */
  fills: { categories: Category[]; phone: string | null }
}
export type CheckedFile = { titles: string[]; lines: CheckedLine[] }

/**
 * What a file would do, line by line; nothing is written. An elder who is known is never overwritten: what is empty in the
 * register is filled in, what differs is told.
 *
 * @throws Refusal IMPORT_TEMPLATE and those of `readSheet`
 */
export async function checkFile(
  db: Reader,
  keys: Keys,
  actor: Actor,
  file: string,
  batchId: string,
  at: Date,
): Promise<CheckedFile> {
  const { titles, rows } = await readSheet(Buffer.from(file, 'base64'), { rowsMax: IMPORT_ROWS_MAX })
  const missing = ELDER_COLUMNS.find(({ title }) => !titles.includes(title))
  if (missing !== undefined) throw new Refusal('IMPORT_TEMPLATE', { field: 'file', missing: missing.title })
  const placeOf = await placesByName(db, actor, dayOf(at))
  const read = rows.map((source) => {
    const { row, faults } = readElderRow((title) => source.cells[titles.indexOf(title)]?.trim() ?? '', dayOf(at))
    const places = row === null ? [] : placeOf(row)
    const name = source.cells[titles.indexOf('姓名')]?.trim() ?? ''
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
  const lines = read.map(({ source, name, row, place, faults }): CheckedLine => {
    const nothing = { categories: [], phone: null }
    const base = { source, row, place, fills: nothing }
    const view = { line: source.line, maskedName: name === '' ? '' : maskName(name), elderId: null }
    if (row === null || place === null || faults.length > 0)
      return { ...base, view: { ...view, state: 'error', notes: faults.map(({ column, code }) => note(column, code)) } }
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
        view: { ...view, state: 'new', elderId: elder?.id ?? elderIdOf(batchId, source.line), notes: [] },
      }
    return compared(base, view, row, place, elder)
  })
  return { titles, lines }
}

/** The id an elder of this line gets: the same whenever the file is sent again under this batch. */
export function elderIdOf(batchId: string, line: number): string {
  return idFrom('import', batchId, String(line))
}

export function countsOf(lines: readonly CheckedLine[]): ImportCounts {
  const count = (state: ImportLine['state']) => lines.filter(({ view }) => view.state === state).length
  return { new: count('new'), update: count('update'), skip: count('skip'), error: count('error') }
}

export function note(column: string, code: RefusalCode): ImportLine['notes'][number] {
  return { column, sentence: REFUSALS[code][1] }
}

/** The column a refusal of the register is about. */
export function columnOf(field: string | undefined): ElderColumn {
  return COLUMN_OF_FIELD[field ?? ''] ?? '姓名'
}

function compared(
  base: Omit<CheckedLine, 'view'>,
  view: Pick<ImportLine, 'line' | 'maskedName'>,
  row: ElderRow,
  place: Place,
  elder: KnownElder,
): CheckedLine {
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
  return { ...base, fills, view: { ...view, state, elderId: elder.id, notes } }
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
export function enrolmentOf({ row, place, source }: CheckedLine, batchId: string): EnrolElderInput {
  const { person, address, ownPhone, categories, validFrom, contact, consents, how } = row as ElderRow
  const id = elderIdOf(batchId, source.line)
  return {
    id,
    regionId: (place as Place).id,
    person,
    address,
    ownPhone,
    categories: categories.map((category) => ({ id: idFrom(id, category), category, validFrom })),
    contacts: contact === null ? [] : [{ id: idFrom(id, 'contact'), ...contact }],
    consents: consents.map((kind) => ({ kind, textVersion: CONSENT_TEXT, how })),
  }
}
