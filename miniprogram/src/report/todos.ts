import { dayOf, monthOf } from '../../../shared/core/time'
import type { Page } from '../../../shared/core/view'
import type { OrderView } from '../../../shared/order/view'
import type { Coverage, CoverageElder } from '../../../shared/requirement/view'
import type { WaitingConfirmation } from '../../../shared/visit/view'
import type { StatusKind } from '../components/words'
import { get } from '../core/call'
import { dateWords } from '../core/words'
import { wantedWords } from '../order/words'

/** What staff in the field have to do: somebody to telephone, an order nobody took, an elder nobody visited. */
export interface Field {
  calls: WaitingConfirmation[]
  orders: Page<OrderView>
  missing: Page<CoverageElder>
  missingCount: number
}

export type TodoKind = 'call' | 'order' | 'visit'
export interface Todo {
  key: string
  kind: TodoKind
  status: { kind: StatusKind; words: string }
  name: string
  regionName: string
  note: string
  /** Where the button leads. */
  page: string
  params: Record<string, string>
}

/** Who only reads is not told whom to telephone. */
export async function readField(mayCall: boolean, at: Date): Promise<Field> {
  const month = monthOf(at)
  const [calls, orders, missing, coverage] = await Promise.all([
    mayCall ? get<{ waiting: WaitingConfirmation[] }>('/confirmations/desk') : { waiting: [] },
    get<Page<OrderView>>('/orders', { state: 'open', unattended: '1', limit: 50 }),
    get<Page<CoverageElder>>('/coverage/elders', { month, state: 'missing', limit: 50 }),
    get<Coverage>('/coverage', { month }),
  ])
  return { calls: calls.waiting, orders, missing, missingCount: coverage.total.missing }
}

export function todosOf(field: Field, now: Date): Todo[] {
  const today = dayOf(now)
  return [
    ...field.calls.map((one) => callTodo(one, now)),
    ...field.orders.items.map((order) => orderTodo(order, today)),
    ...field.missing.items.map((elder) => visitTodo(elder, today)),
  ]
}

function callTodo(one: WaitingConfirmation, now: Date): Todo {
  const hours = Math.floor((now.getTime() - new Date(one.checkOutAt).getTime()) / 3_600_000)
  return {
    key: `call.${one.visitId}.${one.elderId}`,
    kind: 'call',
    status: { kind: 'wait', words: hours < 1 ? '刚结束' : `等 ${hours} 小时` },
    name: one.elderName,
    regionName: one.regionName,
    note: `${dateWords(dayOf(new Date(one.checkInAt)), dayOf(now))}，${one.memberName}，${one.serviceName}`,
    page: '/visit/calls',
    params: { visitId: one.visitId, elderId: one.elderId },
  }
}

function orderTodo(order: OrderView, today: string): Todo {
  return {
    key: `order.${order.id}`,
    kind: 'order',
    status: { kind: 'warn', words: '还没人接' },
    name: order.elderName,
    regionName: order.regionName,
    note: `${wantedWords(order.wantedDay, order.wantedTime, today)}，${order.serviceName}`,
    page: '/order/apart/desk',
    params: { id: order.id },
  }
}

function visitTodo(elder: CoverageElder, today: string): Todo {
  const isOverdue = elder.periods.some(({ mark }) => mark === 'overdue')
  const last = elder.lastVisitDay === null ? '还没有人去过' : `上次 ${dateWords(elder.lastVisitDay, today)}`
  return {
    key: `visit.${elder.elderId}`,
    kind: 'visit',
    status: isOverdue ? { kind: 'bad', words: '超期了' } : { kind: 'warn', words: '本月没去' },
    name: elder.maskedName,
    regionName: elder.regionName,
    note: elder.requirement === '' ? last : `${elder.requirement}，${last}`,
    page: '/elder/detail',
    params: { id: elder.elderId },
  }
}
