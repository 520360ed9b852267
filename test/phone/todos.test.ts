import { expect, test, vi } from 'vitest'

vi.mock('@tarojs/taro', () => ({ default: { getStorageSync: () => '', setStorageSync: () => undefined } }))

const { todosOf } = await import('../../miniprogram/src/report/todos')
type Field = Parameters<typeof todosOf>[0]

const now = new Date('2026-11-22T04:00:00.000Z')
const region = { regionId: 'r', regionName: '北庄村' }
const call: Field['calls'][number] = {
  visitId: 'v',
  elderId: 'e',
  elderName: '毕*芝',
  memberName: '张*兰',
  memberSex: 'female',
  serviceName: '打扫卫生',
  checkInAt: '2026-11-20T09:00:00.000Z',
  checkOutAt: '2026-11-20T11:00:00.000Z',
  servedSeconds: 7200,
  answer: null,
  answeredAt: null,
  canCorrectUntil: null,
  hasPhone: true,
  missedCallAt: null,
  missedCalls: 0,
  nextCallAt: null,
  callReason: 'noPhone',
  level: 1,
  regionName: '北庄村',
}
const missing: Field['missing']['items'][number] = {
  ...region,
  elderId: 'e2',
  maskedName: '于*珍',
  categories: ['livingAlone'],
  requirement: '独居，每周 1 次',
  periods: [{ label: 'W47', mark: 'due' }],
  visitedThisMonth: false,
  exitKind: null,
  lastVisitDay: null,
  lastHelperName: null,
  weeks: [],
  exit: null,
  lastChannel: null,
  pairedNames: [],
  changedSince: false,
}
const field: Field = {
  calls: [call],
  orders: { items: [], next: null },
  missing: { items: [missing], next: null },
  missingCount: 1,
}

test('a call says how long the elder has been waiting for it, and leads to that visit', () => {
  const [todo] = todosOf(field, now)
  expect(todo?.status.words).toBe('等 41 小时')
  expect([todo?.page, todo?.params]).toEqual(['/visit/calls', { visitId: 'v', elderId: 'e' }])
})

test('a visit that has just ended waits for no hours', () => {
  const [todo] = todosOf({ ...field, calls: [{ ...call, checkOutAt: '2026-11-22T03:30:00.000Z' }] }, now)
  expect(todo?.status.words).toBe('刚结束')
})

test('an elder with a period gone by is overdue in red, one whose period still runs is not', () => {
  const overdue = { ...missing, periods: [{ label: 'W46', mark: 'overdue' as const }] }
  const kinds = [missing, overdue].map((one) =>
    todosOf({ ...field, calls: [], missing: { items: [one], next: null } }, now).map(({ status }) => status),
  )
  expect(kinds).toEqual([[{ kind: 'warn', words: '本月没去' }], [{ kind: 'bad', words: '超期了' }]])
})
