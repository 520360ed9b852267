// One line of the elders' sheet, read without asking any register: what is written, and what of it can't be.
import type { RefusalCode } from '../core/refusals'
import { type Day, isDay } from '../core/time'
import { CATEGORIES, CATEGORY_WORDS, type Category } from '../elder/words'
import type { PersonInput } from '../person/input'
import { whyNotName, whyNotPerson, whyNotPhone } from '../person/rules'
import { dayText, type SheetColumn, wordsIn } from './columns'

export const ELDER_COLUMNS = [
  { title: '姓名', must: true },
  { title: '证件类型', choices: ['身份证', '居住证或护照', '无'], help: '不填就是身份证；没有号码写 无' },
  { title: '证件号码', width: 22 },
  { title: '性别', choices: ['男', '女'], help: '有身份证号可不填' },
  { title: '出生日期', help: '有身份证号可不填，写成 1950-01-31' },
  { title: '电话' },
  { title: '自己用手机', choices: ['是', '否'], help: '是：老人自己能在手机上确认' },
  { title: '镇街', help: '有同名的村才要填' },
  { title: '村或社区', must: true },
  { title: '住址', must: true, width: 24 },
  { title: '类别', help: `几个类别用、隔开：${CATEGORIES.map((one) => CATEGORY_WORDS[one]).join('、')}`, width: 20 },
  { title: '类别从哪天起', help: '不填就是导入那天' },
  { title: '联系人关系' },
  { title: '联系人姓名' },
  { title: '联系人电话' },
  { title: '同意服务', must: true, choices: ['是', '否'] },
  { title: '同意登记证件', choices: ['是', '否'] },
  { title: '同意登记健康情况', choices: ['是', '否'], help: '重残、失能要本人同意' },
  { title: '怎么同意的', choices: ['纸质签字', '电话', '监护人'], help: '不填就是纸质签字' },
  { title: '原系统编号', help: '从别的系统来的编号，可不填' },
] as const satisfies readonly SheetColumn[]
export type ElderColumn = (typeof ELDER_COLUMNS)[number]['title']

export type Fault = { column: ElderColumn; code: RefusalCode }
export type ElderRow = {
  person: PersonInput
  ownPhone: boolean
  townName: string | null
  villageName: string
  address: string
  categories: Category[]
  validFrom: Day
  contact: { relation: string; name: string; phone: string } | null
  consents: ('service' | 'identity' | 'health')[]
  how: 'paper' | 'phone' | 'guardian'
  externalNo: string | null
}

const IDENTITY = { '': 'idCard', 身份证: 'idCard', 居住证或护照: 'permit', 无: 'none' } as const
const HOW = { '': 'paper', 纸质签字: 'paper', 电话: 'phone', 监护人: 'guardian' } as const
const SEX = { 男: 'male', 女: 'female' } as const
const COLUMN_OF: Partial<Record<keyof PersonInput, ElderColumn>> = {
  name: '姓名',
  idNumber: '证件号码',
  birthDate: '出生日期',
  sex: '性别',
  phone: '电话',
}

/** Reads one line. `row` is complete only when nothing is at fault. */
export function readElderRow(
  cell: (title: ElderColumn) => string,
  today: Day,
): { row: ElderRow | null; faults: Fault[] } {
  const faults = faultsOf(cell)
  const row = rowOf(cell, today)
  const person = whyNotPerson(row.person, today)
  if (person !== null) faults.push({ column: COLUMN_OF[person.field] ?? '姓名', code: person.code })
  else if (row.person.identityKind !== 'idCard' && row.person.birthDate === undefined)
    faults.push({ column: '出生日期', code: 'REQUIRED' })
  const once = faults.filter((one, place) => faults.findIndex(({ column }) => column === one.column) === place)
  return { row: once.length === 0 ? row : null, faults: once }
}

function faultsOf(cell: (title: ElderColumn) => string): Fault[] {
  const fault = (column: ElderColumn, code: RefusalCode | null): Fault[] => (code === null ? [] : [{ column, code }])
  const columns: readonly (SheetColumn & { title: ElderColumn })[] = ELDER_COLUMNS
  const contact = (['联系人关系', '联系人姓名', '联系人电话'] as const).map(cell)
  const hasContact = contact.some((one) => one !== '')
  return [
    ...columns.flatMap(({ title, must, choices }) => {
      const text = cell(title)
      if (text === '') return fault(title, must ? 'REQUIRED' : null)
      return fault(title, choices === undefined || choices.includes(text) ? null : 'CHOICE_UNKNOWN')
    }),
    ...(['出生日期', '类别从哪天起'] as const).flatMap((title) =>
      fault(title, cell(title) === '' || isDay(dayText(cell(title))) ? null : 'DATE_FORM'),
    ),
    ...fault('住址', [...cell('住址')].length > 100 ? 'TOO_LONG' : null),
    ...fault('原系统编号', [...cell('原系统编号')].length > 60 ? 'TOO_LONG' : null),
    ...fault('类别', wordsIn(cell('类别')).every((word) => categoryOf(word) !== null) ? null : 'CHOICE_UNKNOWN'),
    ...(hasContact && contact.some((one) => one === '') ? fault('联系人姓名', 'CONTACT_INCOMPLETE') : []),
    ...fault('联系人关系', [...cell('联系人关系')].length > 10 ? 'TOO_LONG' : null),
    ...(cell('联系人姓名') === '' ? [] : fault('联系人姓名', whyNotName(cell('联系人姓名')))),
    ...(cell('联系人电话') === '' ? [] : fault('联系人电话', whyNotPhone(cell('联系人电话')))),
    ...fault('同意服务', cell('同意服务') === '否' ? 'CONSENT_NEEDED' : null),
    ...fault('同意登记证件', cell('证件号码') !== '' && cell('同意登记证件') !== '是' ? 'CONSENT_NEEDED' : null),
    ...fault(
      '同意登记健康情况',
      /重残|失能/.test(cell('类别')) && cell('同意登记健康情况') !== '是' ? 'CONSENT_NEEDED' : null,
    ),
  ]
}

function rowOf(cell: (title: ElderColumn) => string, today: Day): ElderRow {
  const identityKind = IDENTITY[cell('证件类型') as keyof typeof IDENTITY] ?? 'idCard'
  const [idNumber, birthDate, phone, sex] = [cell('证件号码'), cell('出生日期'), cell('电话'), cell('性别')]
  return {
    person: {
      name: cell('姓名'),
      identityKind,
      ...(idNumber === '' ? {} : { idNumber }),
      ...(birthDate === '' ? {} : { birthDate: dayText(birthDate) }),
      ...(phone === '' ? {} : { phone }),
      ...(sex in SEX ? { sex: SEX[sex as keyof typeof SEX] } : {}),
    },
    ownPhone: cell('自己用手机') === '是',
    townName: cell('镇街') || null,
    villageName: cell('村或社区'),
    address: cell('住址'),
    categories: wordsIn(cell('类别')).flatMap((word) => categoryOf(word) ?? []),
    validFrom: cell('类别从哪天起') === '' ? today : dayText(cell('类别从哪天起')),
    contact:
      cell('联系人姓名') === ''
        ? null
        : { relation: cell('联系人关系'), name: cell('联系人姓名'), phone: cell('联系人电话') },
    consents: [
      'service',
      ...(cell('同意登记证件') === '是' ? (['identity'] as const) : []),
      ...(cell('同意登记健康情况') === '是' ? (['health'] as const) : []),
    ],
    how: HOW[cell('怎么同意的') as keyof typeof HOW] ?? 'paper',
    externalNo: cell('原系统编号') || null,
  }
}

function categoryOf(word: string): Category | null {
  return CATEGORIES.find((one) => CATEGORY_WORDS[one] === word) ?? null
}
