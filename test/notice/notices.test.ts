import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { bonus } from '../../server/ledger/grant'
import { accountOfPerson } from '../../server/member/account'
import { remindExpiring } from '../../server/member/remind'
import { forgetNotices } from '../../server/notice/forget'
import { type Notice, notify } from '../../server/notice/notify'
import { nearestStaff } from '../../server/notice/staff'
import type { NoticeView, UnreadView } from '../../shared/notice/view'
import type { SchemeDocument } from '../../shared/scheme/document'
import { newWorld, SIMPLE, serveWorld, type World } from '../support/world'

const telling = (personId: string, key: string): Notice => ({
  ...{ personId, kind: 'giftOffered', title: '家人要送您积分', body: '一共 5 分，请您看看收不收。', key },
  phoneLink: '/ledger/apart/give',
})

test('what somebody is told is told once, read by nobody else, and counted until it is read', async () => {
  const world = await newWorld()
  const { db, clock } = world
  const { ask } = await serveWorld(world)
  const [helper, other] = [await world.member(), await world.member()]
  const tell = (...notices: Notice[]) => db.$transaction((tx) => notify(tx, notices, clock.now))
  const gift = telling(helper.personId, 'gift:1')
  expect(await Promise.all([tell(gift, telling(other.personId, 'gift:2')), tell(gift)])).toSatisfy(
    (told: string[][]) => told.flat().filter((key) => key === 'gift:1').length === 1,
  )
  expect(await tell(gift, gift)).toEqual([])
  world.later(60)
  await tell(telling(helper.personId, 'gift:3'))

  const first = await ask<{ items: NoticeView[]; next: string | null }>(helper, 'GET', '/notices?limit=1')
  expect(first.body.items.map(({ title, isRead }) => [title, isRead])).toEqual([['家人要送您积分', false]])
  const second = await ask<typeof first.body>(helper, 'GET', `/notices?limit=1&cursor=${first.body.next}`)
  expect(second.body.items).toHaveLength(1)
  expect(second.body.next).toBeNull()
  const unread = async () => (await ask<UnreadView>(helper, 'GET', '/notices/unread')).body.unread
  expect(await unread()).toBe(2)
  const id = first.body.items[0]?.id
  expect((await ask(other, 'POST', `/notices/${id}/reading`, {})).status).toBe(404)
  for (const _ of [1, 2]) expect((await ask(helper, 'POST', `/notices/${id}/reading`, {})).status).toBe(200)
  expect(await unread()).toBe(1)
  expect((await ask<UnreadView>(helper, 'POST', '/notices/reading', {})).body.unread).toBe(0)
  expect((await ask<UnreadView>(other, 'GET', '/notices/unread')).body.unread).toBe(1)

  world.later(401 * 86_400)
  expect(await forgetNotices(db, clock.now)).toBe(3)
})

test('of the desk the nearest are told, and nobody whose role has ended', async () => {
  const world = await newWorld()
  const { db, places, clock } = world
  const county = await world.staff('countyAdmin', places.county)
  const village = await world.staff('villageStaff', places.village)
  const ended = await world.staff('townStaff', places.town)
  await db.staffRole.updateMany({ where: { personId: ended.personId }, data: { validTo: '2026-11-21' } })
  const told = (path: string) => nearestStaff(db, ['villageStaff', 'townStaff', 'countyAdmin'], path, clock.now)
  expect(await told(places.village.path)).toEqual([village.personId])
  expect(await told(places.village2.path)).toEqual([county.personId])
  expect(await told(places.otherVillage.path)).toEqual([])
})

describe('points that will be over', () => {
  async function saver(expiry: SchemeDocument['expiry']) {
    const world = await newWorld({ scheme: { ...SIMPLE, expiry } })
    const helper = await world.member()
    const credit = (points: number, expiresAt: string) => give(world, helper.personId, points, new Date(expiresAt))
    const remind = (day: string) => remindExpiring(world.db, world.at('08:05', day))
    const bodies = async () =>
      (await world.db.notice.findMany({ orderBy: { id: 'asc' } })).map(({ title, body }) => `${title} ${body}`)
    return { world, helper, credit, remind, bodies }
  }

  test('are announced 60 and 7 days before, once each, however often the clock strikes', async () => {
    const { credit, remind, bodies } = await saver({ kind: 'yearEnd' })
    await credit(3, '2026-12-31T16:00:00Z')
    await credit(4, '2027-12-31T16:00:00Z')
    const told = []
    for (const day of ['2026-10-31', '2026-11-01', '2026-11-02', '2026-12-23', '2026-12-24', '2026-12-31'])
      told.push(await remind(day))
    expect(told).toEqual([0, 1, 0, 0, 1, 0])
    expect(await bodies()).toEqual([
      '12 月 31 日爱心分到期 有 3 分只能用到 12 月 31 日，还有 60 天。可以换东西，也可以送给家人或捐出去。',
      '12 月 31 日爱心分到期 有 3 分只能用到 12 月 31 日，还有 7 天。可以换东西，也可以送给家人或捐出去。',
    ])
  })

  test('are announced when the scheme says, and late by a server that was down', async () => {
    const { credit, remind, world } = await saver({ kind: 'rolling', months: 24, reminderDays: [30] })
    await credit(3, '2026-12-31T16:00:00Z')
    expect(await remind('2026-11-30')).toBe(0)
    expect(await remind('2026-12-05')).toBe(1)
    expect(await remind('2026-12-30')).toBe(0)
    expect(await world.db.notice.count()).toBe(1)
  })
})

async function give({ db, programmeId, clock }: World, personId: string, points: number, expiresAt: Date) {
  await db.$transaction(async (tx) => {
    const to = await accountOfPerson(tx, personId, programmeId, clock.now)
    const id = randomUUID()
    const about = { refType: 'referral', refId: id, happenedAt: clock.now, byId: 'test', explanation: {} }
    await bonus(tx, { id, ...about, to, milliPoints: BigInt(points * 1000), expiresAt }, clock.now)
  })
}
