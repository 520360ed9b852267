import { Refusal, type RefusalCode } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { columnFaults, dayText, type SheetColumn } from '../../shared/import/columns'
import type { ImportLine } from '../../shared/import/view'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { mayOver, pathsOf } from '../core/actor'
import { findBy } from '../core/bulk'
import { idFrom } from '../core/ids'
import { accountsImported } from '../ledger/queries'
import { ownersOf } from '../member/account'
import { requestImport } from '../member/requests'
import { programmeOf } from '../scheme/queries'
import { type Given, type ImportKind, type Line, note, refuseLine } from './kind'
import { knownMembers } from './members'

/** So many lines are one request: a second person looks through it. */
const LINES = 500
const COLUMNS: readonly SheetColumn[] = [
  { title: '姓名', must: true },
  { title: '证件号码', help: '证件号码和电话填一个', width: 22 },
  { title: '电话' },
  { title: '积分', must: true, help: '原系统里还能用的积分，最多三位小数' },
  { title: '挣得日期', must: true, isDay: true, help: '原系统记的日子；说不清就写余额截止那天' },
  { title: '有效期至', isDay: true, help: '不填就一直有效' },
  { title: '原系统编号', must: true, most: 60, help: '原系统里这一笔或这个人的编号' },
]
type Plan = {
  memberId: string
  programmeId: string
  milliPoints: string
  earnedDay: string
  lastDay: string | undefined
  source: string
}
type BalanceLine = Line<Plan>

/**
 * Balances of another system. Nothing moves when the sheet comes in: it becomes a request, and points move when a second
 * person of the county agrees. Who has been given a balance once is not given another.
 */
export const balanceImport: ImportKind<Plan> = {
  columns: COLUMNS,
  judge: judgeBalances,
  bring: askForBalances,
  keeps: ({ plan }) => ({ filled: [], externalNo: plan?.source ?? null }),
  takeBack: async () => {
    throw new Refusal('IMPORT_TOO_LATE')
  },
}

async function judgeBalances(given: Given, rows: Parameters<ImportKind<Plan>['judge']>[1]): Promise<BalanceLine[]> {
  const { db, actor, at } = given
  if (pathsOf(actor, can('points.askGrant')).length === 0) throw new Refusal('NOT_ALLOWED')
  const named = rows.map(({ cell }) => ({
    person: { name: cell('姓名'), idNumber: cell('证件号码') || undefined, phone: cell('电话') || undefined },
  }))
  const known = await knownMembers(given, named)
  const found = named.map(known)
  const ids = found.flatMap((one) => one?.id ?? [])
  const members = new Map((await findBy(db, 'Member', 'id', ids)).map((one) => [one.id, one]))
  const programmes = new Map<string, string | null>()
  for (const { countyId } of members.values())
    if (!programmes.has(countyId)) programmes.set(countyId, (await programmeOf(db, countyId))?.id ?? null)
  const owners = await ownersOf(db, await accountsImported(db, [...programmes.values()]))
  const done = new Set(owners.values())
  const first = new Map<string, number>()
  return rows.map(({ source, cell }, place): BalanceLine => {
    const name = cell('姓名')
    const view = { line: source.line, name: name === '' ? '' : maskName(name), subjectId: null }
    const wrong = (notes: ImportLine['notes']): BalanceLine => ({
      ...{ source, plan: null },
      view: { ...view, state: 'error', notes },
    })
    const faults = columnFaults(COLUMNS, cell)
    if (faults.length > 0) return wrong(faults.map(({ column, code }) => note(column, code)))
    const member = members.get(found[place]?.id ?? '')
    const programmeId = programmes.get(member?.countyId ?? '') ?? null
    if (member === undefined || programmeId === null || !mayOver(actor, can('points.askGrant'), member.regionPath))
      return wrong([note('姓名', 'MEMBER_UNKNOWN')])
    const why = whyNot(cell, member.personId === actor.personId, dayOf(at))
    if (why !== null) return wrong([note(...why)])
    const earlier = first.get(member.id)
    if (earlier !== undefined) return wrong([{ column: '姓名', sentence: `和第 ${earlier} 行是同一位` }])
    first.set(member.id, source.line)
    const plan = {
      ...{ memberId: member.id, programmeId, milliPoints: milliPointsOf(cell('积分')) },
      ...{ earnedDay: dayText(cell('挣得日期')), source: cell('原系统编号') },
      lastDay: cell('有效期至') === '' ? undefined : dayText(cell('有效期至')),
    }
    const state = done.has(member.personId) ? 'skip' : 'new'
    const notes = state === 'skip' ? [{ column: '积分', sentence: '已经导入过余额，没有再导' }] : []
    return { source, plan, view: { ...view, subjectId: member.id, state, notes } }
  })
}

function whyNot(cell: (title: string) => string, isOwn: boolean, today: string): [string, RefusalCode] | null {
  if (isOwn) return ['姓名', 'REQUEST_OWN']
  if (!/^\d{1,9}(\.\d{1,3})?$/.test(cell('积分')) || milliPointsOf(cell('积分')) === '0') return ['积分', 'AMOUNT']
  const earned = dayText(cell('挣得日期'))
  if (earned > today) return ['挣得日期', 'DATE_IN_FUTURE']
  if (cell('有效期至') !== '' && dayText(cell('有效期至')) < today) return ['有效期至', 'DATE_ORDER']
  return null
}

/** 12.5 → 12500; no floating point touches it. */
function milliPointsOf(text: string): string {
  const [whole = '0', part = ''] = text.split('.')
  return BigInt(whole + part.padEnd(3, '0')).toString()
}

/** The same lines of the same batch are the same request: sent again, also after a crash half way, it is asked for once. */
async function askForBalances(given: Given, lines: readonly BalanceLine[]): Promise<void> {
  const { db, actor, batchId, at, fileHash = '' } = given
  const wanted = lines.filter(({ view }) => view.state === 'new')
  const parts = new Map<string, BalanceLine[]>()
  for (const line of wanted) {
    const key = `${Math.floor(line.source.line / LINES)} ${line.plan?.programmeId ?? ''}`
    parts.set(key, [...(parts.get(key) ?? []), line])
  }
  for (const [key, part] of parts) {
    const plans = part.flatMap(({ plan }) => plan ?? [])
    const total = plans.reduce((sum, { milliPoints }) => sum + BigInt(milliPoints), 0n)
    const request = {
      ...{ id: idFrom('importBalances', batchId, key), programmeId: plans[0]?.programmeId ?? '' },
      ...{ totalMilliPoints: total.toString(), reason: '原系统的余额', evidenceHash: fileHash },
      rows: plans.map(({ programmeId: _, ...row }) => row),
    }
    try {
      await requestImport(db, actor, request, at)
    } catch (error) {
      for (const line of part) refuseLine(line, '姓名', error)
    }
  }
}
