import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { bonus } from '../../server/ledger/grant'
import { accountOfPerson } from '../../server/member/account'
import { registerKin } from '../../server/member/kin'
import { addOrganisation } from '../../server/registry/organisations'
import { openApps, shooter } from '../support/apps'
import { atDoor, HOME } from '../support/door'
import { newWorld, SIMPLE } from '../support/world'

const shoot = shooter('closing', { fullPage: true })

test('a complaint is taken by telephone, points go to a canteen, and an account is closed as the family asked', {
  timeout: 240_000,
}, async () => {
  const world = await newWorld({
    scheme: { ...SIMPLE, donate: { to: ['organisation'] }, closing: { onDeath: 'heir', onMoving: 'pool' } },
  })
  const { db, clock, places, programmeId } = world
  const door = await atDoor(world, { homePoint: HOME })
  const { elder, helper } = door
  const visitId = await door.served(60)
  await door.answer(visitId, 'yes')
  await db.$transaction(async (tx) => {
    const to = await accountOfPerson(tx, elder.personId, programmeId, clock.now)
    const id = randomUUID()
    const about = { refType: 'referral', refId: id, happenedAt: clock.now, byId: 'test', explanation: {} }
    await bonus(tx, { id, ...about, to, milliPoints: 6000n, expiresAt: null }, clock.now)
  })
  const proxy = await world.proxy(elder.id)
  const [clerk, town, boss] = [
    await world.staff('villageStaff'),
    await world.staff('townStaff', places.town),
    await world.staff('countyAdmin', places.county),
  ]
  const kin = { id: randomUUID(), relation: 'parent' as const }
  const pair = { of: { kind: 'member' as const, id: helper.id }, to: { kind: 'elder' as const, id: elder.id } }
  await registerKin(db, town, { ...kin, ...pair }, clock.now)
  const canteen = { id: randomUUID(), kind: 'canteen' as const, regionId: places.village.id, name: '北庄长者食堂' }
  const rest = { code: '', address: '', phone: '', openingHours: '', needs: [], active: true }
  await addOrganisation(db, clerk, { ...canteen, ...rest }, clock.now)
  const { base, phone, desk, problems } = await openApps(world, [
    { personId: helper.personId, kindWord: '志愿者', app: 'phone' },
    { personId: proxy.personId, kindWord: '家人', app: 'phone' },
    { personId: clerk.personId, kindWord: '村里', app: 'admin' },
    { personId: boss.personId, kindWord: '区县', app: 'admin' },
  ])

  const giver = await phone('志愿者')
  await giver.waitForURL(/order\/today/)
  await giver.goto(`${base}/?turn=1#/ledger/apart/give`)
  await giver.getByRole('button', { name: '捐出去，给北庄长者食堂' }).click()
  await giver.getByLabel('多少分').last().fill('2')
  await shoot(giver, '捐给组织')
  await giver.getByRole('button', { name: '捐 2 分' }).click()
  await reads(giver, '已经送到')

  const office = await desk('村里')
  await office.goto(`${base}/admin/visits?open=${visitId}`)
  await office.getByRole('button', { name: '老人来电反映问题' }).click()
  await office.getByLabel('老人说什么').selectOption({ label: '态度不好' })
  await shoot(office, '来电投诉')
  await office.getByRole('button', { name: '记下来' }).click()
  await reads(office, /记下了/)
  expect(await db.complaint.count({ where: { openedByPersonId: clerk.personId, kind: 'manner' } })).toBe(1)
  await office.goto(`${base}/admin/organisations`)
  await reads(office, '2 分')
  await shoot(office, '组织')

  const family = await phone('家人')
  await family.waitForURL(/elder\/home/)
  await family.goto(`${base}/?turn=1#/ledger/apart/closing?elderId=${elder.id}`)
  await family.getByRole('radio', { name: '去世了' }).click()
  if (process.env.MULIN_SHOTS !== undefined) {
    // The other face, looked at as well.
    await family.evaluate(() => localStorage.setItem('mulin.face', '{"data":{"elder":true,"scale":1}}'))
    await family.goto(`${base}/?turn=2#/ledger/apart/closing?elderId=${elder.id}`)
    await family.getByRole('radio', { name: '去世了' }).click()
    await shoot(family, '去世或迁走（长辈版）')
    await family.evaluate(() => localStorage.setItem('mulin.face', '{"data":{"elder":false,"scale":1}}'))
    await family.goto(`${base}/?turn=3#/ledger/apart/closing?elderId=${elder.id}`)
    await family.getByRole('radio', { name: '去世了' }).click()
  }
  await family.getByRole('radio', { name: /给张.*（老人的子女）/ }).click()
  await shoot(family, '去世或迁走')
  await family.getByRole('button', { name: '告诉社区' }).click()
  await reads(family, '区县同意后才办')

  const county = await desk('区县')
  await county.goto(`${base}/admin/point-requests`)
  await county.getByText('积分申请', { exact: true }).click()
  await reads(county, '家人在手机上提出：去世')
  await shoot(county, '申请')
  expect(problems).toEqual([])
})

const reads = (page: Page, words: string | RegExp) =>
  page.getByText(words).filter({ visible: true }).first().waitFor({ timeout: 30_000 })
