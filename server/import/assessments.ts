import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { dayText, type SheetColumn } from '../../shared/import/columns'
import { findBy } from '../core/bulk'
import { addAssessment } from '../elder/assess'
import { addingKind, type Read } from './adding'
import { knownElders, placesByName } from './queries'

const COLUMNS: readonly SheetColumn[] = [
  { title: '姓名', must: true },
  { title: '证件号码', help: '没有就填出生日期', width: 22 },
  { title: '出生日期', isDay: true },
  { title: '镇街', help: '有同名的村才要填' },
  { title: '村或社区', must: true },
  { title: '评估日期', must: true, isDay: true },
  { title: '得分', must: true, help: '0 到 90 的整数（GB/T 42195）' },
  { title: '下次评估', isDay: true, help: '不填就是一年以后' },
  { title: '评估机构', must: true, most: 60, width: 22 },
  { title: '原系统编号', most: 60 },
]
type Row = {
  elder: { id: string; regionPath: string }
  input: { assessedDay: string; score: number; nextDueDay?: string; organisation: string }
  externalNo: string | null
}

/** Ability assessments of elders who are registered. What is written down of them stays: they are never taken back. */
export const assessmentImport = addingKind<Row>({
  code: 'importAssessment',
  columns: COLUMNS,
  nameOf: (cell) => ({ name: cell('姓名'), isPerson: true }),
  read: async ({ db, keys, actor, at }, cells) => {
    const placeOf = await placesByName(db, actor, dayOf(at))
    const placed = cells.map((cell) => {
      const [place, twin] = placeOf({ townName: cell('镇街') || null, villageName: cell('村或社区') })
      const person = {
        ...{ name: cell('姓名'), identityKind: 'idCard' as const },
        ...(cell('证件号码') === '' ? {} : { idNumber: cell('证件号码') }),
        ...(cell('出生日期') === '' ? {} : { birthDate: dayText(cell('出生日期')) }),
      }
      return { place: twin === undefined ? place : undefined, row: { person } }
    })
    const known = await knownElders(
      db,
      keys,
      placed.flatMap(({ row, place }) => (place === undefined ? [] : [{ row, regionId: place.id }])),
    )
    const elders = placed.map(({ row, place }) => (place === undefined ? null : known(row, place.id)))
    const before = await findBy(
      db,
      'Assessment',
      'elderId',
      elders.flatMap((one) => one?.id ?? []),
    )
    return cells.map((cell, at): Read<Row> => {
      const [elder, place] = [elders[at], placed[at]?.place]
      if (place === undefined) return { faults: [{ column: '村或社区', code: 'REGION_UNKNOWN' }] }
      if (elder === null || elder === undefined || elder.ended)
        return { faults: [{ column: '姓名', code: 'ELDER_UNKNOWN' }] }
      if (!/^\d{1,3}$/.test(cell('得分')) || Number(cell('得分')) > 90)
        return { faults: [{ column: '得分', code: 'SCORE_RANGE' }] }
      const assessedDay = dayText(cell('评估日期'))
      const same = before.find((one) => one.elderId === elder.id && one.assessedDay === assessedDay)
      const input = {
        ...{ assessedDay, score: Number(cell('得分')), organisation: cell('评估机构') },
        ...(cell('下次评估') === '' ? {} : { nextDueDay: dayText(cell('下次评估')) }),
      }
      const differs = same === undefined || same.score === input.score ? [] : ['得分']
      const row = {
        elder: { id: elder.id, regionPath: elder.regionPath },
        input,
        externalNo: cell('原系统编号') || null,
      }
      return { row, key: `${elder.id} ${assessedDay}`, knownId: same?.id ?? null, differs }
    })
  },
  write: async (tx, { actor, at }, rows) => {
    for (const { id, row } of rows) await addAssessment(tx, actor, row.elder, { id, ...row.input }, 'import', at)
  },
  there: async ({ db }, ids) => (await findBy(db, 'Assessment', 'id', ids)).map((one) => one.id),
  columnOf: (field) => ({ score: '得分', assessedDay: '评估日期', nextDueDay: '下次评估' })[field ?? ''] ?? '姓名',
  externalNoOf: (row) => row.externalNo,
  takeBack: async () => {
    throw new Refusal('IMPORT_STAYS')
  },
})
