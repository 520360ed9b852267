import { Refusal } from '../../shared/core/refusals'
import type { SheetColumn } from '../../shared/import/columns'
import { normaliseName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import type { CallInput } from '../../shared/visit/input'
import { visitNumber } from '../../shared/visit/words'
import { inScope } from '../core/actor'
import { findBy } from '../core/bulk'
import { elderNames } from '../elder/queries'
import { writeCall } from '../visit/call'
import { addingKind, type Read } from './adding'

const ANSWERS = { 来过了: 'yes', 没来过: 'no', 记不清: 'unsure' } as const
const SCORES = ['1', '2', '3', '4', '5']
const COLUMNS: readonly SheetColumn[] = [
  { title: '服务编号', must: true, help: '服务记录里的编号，如 2611-22-0387', width: 18 },
  { title: '姓名', must: true, help: '老人的姓名' },
  { title: '老人怎么说', must: true, choices: Object.keys(ANSWERS) },
  { title: '满意几分', must: true, choices: SCORES, help: '1 到 5 分，5 分最满意' },
  { title: '备注', most: 200, width: 24 },
  { title: '原系统编号', most: 60 },
]
const DAYS_AT_ONCE = 200
type Row = { visitId: string; call: Omit<CallInput, 'id'>; externalNo: string | null }

/** Call-backs a hotline made for us: what elders said of visits, with a score. What was said stays. */
export const ratingImport = addingKind<Row>({
  code: 'importRating',
  columns: COLUMNS,
  nameOf: (cell) => ({ name: cell('姓名'), isPerson: true }),
  read: async ({ db, keys, actor }, cells) => {
    const days = [...new Set(cells.flatMap((cell) => dayOfNumber(cell('服务编号')) ?? []))]
    const visits: { id: string; day: string; elders: { elderId: string }[] }[] = []
    for (let from = 0; from < days.length; from += DAYS_AT_ONCE)
      visits.push(
        ...(await db.visit.findMany({
          where: { AND: [inScope(actor, can('import.keep')), { day: { in: days.slice(from, from + DAYS_AT_ONCE) } }] },
          select: { id: true, day: true, elders: { select: { elderId: true } } },
        })),
      )
    const asked = new Set(cells.map((cell) => cell('服务编号')))
    const named = visits.filter((one) => asked.has(visitNumber(one.id, one.day)))
    const names = await elderNames(
      db,
      keys,
      named.flatMap(({ elders }) => elders.map(({ elderId }) => elderId)),
    )
    const calls = await findBy(
      db,
      'CallBack',
      'visitId',
      named.map(({ id }) => id),
    )
    return cells.map((cell): Read<Row> => {
      // a number is short: two visits of a day may share it, the elder says which
      const found = named
        .filter((one) => visitNumber(one.id, one.day) === cell('服务编号'))
        .flatMap(({ id, elders }) => elders.map(({ elderId }) => ({ visitId: id, elderId })))
        .filter(({ elderId }) => names.get(elderId)?.name === normaliseName(cell('姓名')))
      const [one, twin] = found
      if (one === undefined || twin !== undefined)
        return { faults: [{ column: '服务编号', code: one === undefined ? 'VISIT_UNKNOWN' : 'VISIT_AMBIGUOUS' }] }
      const satisfaction = Number(cell('满意几分'))
      const known = calls.find(
        (call) => call.visitId === one.visitId && call.elderId === one.elderId && call.satisfaction !== null,
      )
      const call = {
        ...{ elderId: one.elderId, reached: true, answer: ANSWERS[cell('老人怎么说') as keyof typeof ANSWERS] },
        ...{ satisfaction, note: cell('备注') },
      }
      return {
        row: { visitId: one.visitId, call, externalNo: cell('原系统编号') || null },
        key: `${one.visitId} ${one.elderId}`,
        knownId: known?.id ?? null,
        differs: known === undefined || known.satisfaction === satisfaction ? [] : ['满意几分'],
      }
    })
  },
  write: async (tx, { actor, at }, rows) => {
    for (const { id, row } of rows) await writeCall(tx, actor, row.visitId, { id, ...row.call }, at, id)
  },
  there: async ({ db }, ids) => (await findBy(db, 'CallBack', 'id', ids)).map((one) => one.id),
  columnOf: () => '服务编号',
  externalNoOf: (row) => row.externalNo,
  takeBack: async () => {
    throw new Refusal('IMPORT_STAYS')
  },
})

/** 2611-22-0387 → 2026-11-22 */
function dayOfNumber(number: string): string | null {
  const [, year, month, day] = /^(\d\d)(\d\d)-(\d\d)-\d{4}$/.exec(number) ?? []
  return year === undefined ? null : `20${year}-${month}-${day}`
}
