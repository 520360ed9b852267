// One line of the helpers' sheet, read without asking any register.
import type { Day } from '../core/time'
import { whyNotTrainings } from '../member/rules'
import type { PersonInput } from '../person/input'
import { whyNotPerson } from '../person/rules'
import { type Cell, type CellFault, columnFaults, dayText, type SheetColumn, wordsIn } from './columns'

export const MEMBER_COLUMNS: readonly SheetColumn[] = [
  { title: '姓名', must: true },
  { title: '证件类型', choices: ['身份证', '居住证或护照', '无'], help: '不填就是身份证；没有号码写 无' },
  { title: '证件号码', width: 22 },
  { title: '性别', choices: ['男', '女'], help: '有身份证号可不填' },
  { title: '出生日期', isDay: true, help: '有身份证号可不填，写成 1960-01-31' },
  { title: '电话', help: '用来在手机上登录' },
  { title: '镇街', help: '有同名的村才要填' },
  { title: '村或社区', must: true },
  { title: '身份', must: true, choices: ['志愿者', '睦邻互助员'] },
  { title: '培训', help: '通过的培训，几个用、隔开', width: 24 },
  { title: '同意登记', must: true, choices: ['是', '否'] },
  { title: '同意登记证件', choices: ['是', '否'] },
  { title: '怎么同意的', choices: ['纸质签字', '电话', '监护人'], help: '不填就是纸质签字' },
  { title: '原系统编号', most: 60, help: '从别的系统来的编号，可不填' },
]
export type MemberRow = {
  person: PersonInput
  kind: 'volunteer' | 'neighbourHelper'
  townName: string | null
  villageName: string
  trainings: string[]
  consents: ('service' | 'identity')[]
  how: 'paper' | 'phone' | 'guardian'
  externalNo: string | null
}

const IDENTITY = { '': 'idCard', 身份证: 'idCard', 居住证或护照: 'permit', 无: 'none' } as const
const HOW = { '': 'paper', 纸质签字: 'paper', 电话: 'phone', 监护人: 'guardian' } as const
const SEX = { 男: 'male', 女: 'female' } as const
const COLUMN_OF: Partial<Record<keyof PersonInput, string>> = {
  idNumber: '证件号码',
  birthDate: '出生日期',
  sex: '性别',
  phone: '电话',
}

/** Reads one line. `row` is complete only when nothing is at fault. */
export function readMemberRow(cell: Cell, today: Day): { row: MemberRow | null; faults: CellFault[] } {
  const person = personIn(cell)
  const trainings = wordsIn(cell('培训'))
  const faults = columnFaults(MEMBER_COLUMNS, cell)
  const fault = (column: string, code: CellFault['code'] | null) => {
    if (code !== null && faults.every((one) => one.column !== column)) faults.push({ column, code })
  }
  const wrong = whyNotPerson(person, today)
  fault(COLUMN_OF[wrong?.field ?? 'name'] ?? '姓名', wrong?.code ?? null)
  fault('培训', trainings.length > 20 ? 'TOO_LONG' : whyNotTrainings(trainings))
  fault('同意登记', cell('同意登记') === '否' ? 'CONSENT_NEEDED' : null)
  fault('同意登记证件', cell('证件号码') !== '' && cell('同意登记证件') !== '是' ? 'CONSENT_NEEDED' : null)
  if (faults.length > 0) return { row: null, faults }
  const row: MemberRow = {
    person,
    kind: cell('身份') === '睦邻互助员' ? 'neighbourHelper' : 'volunteer',
    townName: cell('镇街') || null,
    villageName: cell('村或社区'),
    trainings,
    consents: ['service', ...(cell('同意登记证件') === '是' ? (['identity'] as const) : [])],
    how: HOW[cell('怎么同意的') as keyof typeof HOW] ?? 'paper',
    externalNo: cell('原系统编号') || null,
  }
  return { row, faults }
}

function personIn(cell: Cell): PersonInput {
  const [idNumber, birthDate, phone, sex] = [cell('证件号码'), cell('出生日期'), cell('电话'), cell('性别')]
  return {
    name: cell('姓名'),
    identityKind: IDENTITY[cell('证件类型') as keyof typeof IDENTITY] ?? 'idCard',
    ...(idNumber === '' ? {} : { idNumber }),
    ...(birthDate === '' ? {} : { birthDate: dayText(birthDate) }),
    ...(phone === '' ? {} : { phone }),
    ...(sex in SEX ? { sex: SEX[sex as keyof typeof SEX] } : {}),
  }
}
