import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { logOperation } from '../../server/core/operation-log'
import { delegate, endDelegation, listDelegations, listStandIns } from '../../server/member/delegate'
import { nearestStaff } from '../../server/notice/staff'
import { listOperations } from '../../server/report/operations'
import { setAccess } from '../../server/session/accounts'
import { newAuthenticate } from '../../server/session/authenticate'
import { startSession } from '../../server/session/start'
import { addSeconds } from '../../shared/core/time'
import { refusal } from '../support/refusal'
import { newWorld } from '../support/world'

/** A village's clerk, somebody of the town who can stand in, and the clerk's post. */
async function newOffice() {
  const world = await newWorld()
  const { db, clock, places } = world
  const clerk = await world.staff('villageStaff')
  const town = await world.staff('townStaff', places.town2)
  const postOf = async (personId: string) => (await db.staffRole.findFirstOrThrow({ where: { personId } })).id
  const ask = async (more: object = {}) => ({
    ...{ id: randomUUID(), staffId: await postOf(clerk.personId), toStaffId: await postOf(town.personId) },
    ...{ fromAt: clock.now.toISOString(), untilAt: addSeconds(clock.now, 3600).toISOString(), reason: '出差' },
    ...more,
  })
  return { world, clerk, town, postOf, ask }
}

test('a lent post is held until its second and not beyond, on every process', async () => {
  const { world, clerk, town, ask } = await newOffice()
  const { db, keys, clock, places } = world
  const begins = clock.now
  await delegate(db, clerk, await ask(), clock.now)
  const processes = [newAuthenticate(world.parts), newAuthenticate(world.parts)]
  const { accessToken } = await startSession(db, keys, town.personId, {}, addSeconds(begins, 3300))
  const powersAt = (at: Date) =>
    Promise.all(
      processes.map(async (one) => (await one(accessToken, 'r', at)).roles.map(({ regionPath }) => regionPath)),
    )

  const both = [places.town2.path, places.village.path]
  expect(await powersAt(addSeconds(begins, 3599))).toEqual([both, both])
  expect(await powersAt(addSeconds(begins, 3600))).toEqual([[places.town2.path], [places.town2.path]])
})

test('what is done meanwhile names who did it and whose post it is', async () => {
  const { world, clerk, ask, town } = await newOffice()
  const { db, keys, clock, places } = world
  await delegate(db, clerk, await ask(), clock.now)
  const standIn = await world.actorOf(town.personId)
  expect(standIn.roles.find((one) => one.standsInFor)?.standsInFor?.personId).toBe(clerk.personId)
  const at = world.later(60)
  await db.$transaction((tx) =>
    logOperation(tx, standIn, {
      at,
      action: 'change',
      resource: 'elder',
      resourceId: 'x',
      regionPath: places.village.path,
    }),
  )
  const row = await db.operationLog.findFirstOrThrow({ where: { resourceId: 'x' } })
  expect(row).toMatchObject({ personId: town.personId, role: `villageStaff@${clerk.personId}` })
  const auditor = await world.staff('auditor', places.county)
  const shown = (await listOperations(db, keys, auditor, { limit: 10 })).items.find((one) => one.resourceId === 'x')
  expect(shown).toMatchObject({ byName: '孙*', roleWord: '村（社区）工作人员（代孙*）' })
})

test('who stands in is told what the post is told', async () => {
  const { world, clerk, town, ask } = await newOffice()
  const { db, clock, places } = world
  await delegate(db, clerk, await ask(), clock.now)
  const told = (at: Date) => nearestStaff(db, ['villageStaff'], places.village.path, at)
  expect((await told(clock.now)).sort()).toEqual([clerk.personId, town.personId].sort())
  expect(await told(addSeconds(clock.now, 3600))).toEqual([clerk.personId])
})

test('it is lent to the same or a higher level of the county, by its holder or who gives posts there', async () => {
  const { world, clerk, town, postOf, ask } = await newOffice()
  const { db, clock, places } = world
  const townPost = await postOf(town.personId)
  const lower = await ask({ staffId: townPost, toStaffId: await postOf(clerk.personId) })
  expect(await refusal(delegate(db, town, lower, clock.now))).toBe('NOT_ALLOWED')
  const away = await world.staff('countyAdmin', places.otherCounty)
  expect(await refusal(delegate(db, clerk, await ask({ toStaffId: await postOf(away.personId) }), clock.now))).toBe(
    'NOT_ALLOWED',
  )
  const auditor = await world.staff('auditor', places.county)
  expect(await refusal(delegate(db, clerk, await ask({ toStaffId: await postOf(auditor.personId) }), clock.now))).toBe(
    'NOT_ALLOWED',
  )
  expect(await refusal(delegate(db, town, await ask(), clock.now))).toBe('NOT_FOUND')
  expect(await refusal(delegate(db, away, await ask(), clock.now))).toBe('NOT_FOUND')
  const county = await world.staff('countyAdmin', places.county)
  expect((await listStandIns(db, world.keys, county, townPost, clock.now)).map((one) => one.roleWord)).toEqual([
    '区县管理员',
  ])
  await delegate(db, county, await ask(), clock.now)
})

test('who only stands in lends nothing further, and a disabled account lends nothing at all', async () => {
  const { world, clerk, town, ask } = await newOffice()
  const { db, clock, places } = world
  const county = await world.staff('countyAdmin', places.county)
  const second = await world.staff('countyAdmin', places.county)
  const countyPost = await db.staffRole.findFirstOrThrow({ where: { personId: county.personId } })
  const toPost = await db.staffRole.findFirstOrThrow({ where: { personId: second.personId } })
  await db.staffRole.update({ where: { id: toPost.id }, data: { regionPath: places.town2.path } })
  await delegate(db, county, await ask({ staffId: countyPost.id, toStaffId: toPost.id }), clock.now)
  expect(await refusal(delegate(db, await world.actorOf(second.personId), await ask(), clock.now))).toBe('NOT_FOUND')

  await delegate(db, clerk, await ask(), clock.now)
  expect((await world.actorOf(town.personId)).roles).toHaveLength(2)
  const clerkPost = await db.staffRole.findFirstOrThrow({ where: { personId: clerk.personId } })
  await setAccess(db, county, clerkPost.id, { access: 'off', reason: '离职' }, clock.now)
  expect((await world.actorOf(town.personId)).roles).toHaveLength(1)
})

test('a span has an end that comes, no longer than the setting; one post is lent to one at a time', async () => {
  const { world, clerk, ask } = await newOffice()
  const { db, clock } = world
  const until = (seconds: number) => ({ untilAt: addSeconds(clock.now, seconds).toISOString() })
  expect(await refusal(delegate(db, clerk, await ask(until(0)), clock.now))).toBe('DELEGATION_SPAN')
  expect(await refusal(delegate(db, clerk, await ask(until(61 * 86_400)), clock.now))).toBe('DELEGATION_SPAN')
  const back = { fromAt: addSeconds(clock.now, -3600).toISOString() }
  expect(await refusal(delegate(db, clerk, await ask(back), clock.now))).toBe('DELEGATION_SPAN')

  const asks = [await ask(), await ask()]
  const outcomes = await Promise.allSettled(asks.map((one) => delegate(db, clerk, one, clock.now)))
  expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
  const done = asks[outcomes.findIndex((one) => one.status === 'fulfilled')]
  await delegate(db, clerk, done as NonNullable<typeof done>, clock.now)
  expect(await db.delegation.count()).toBe(1)
})

test('taken back before its end it is over at once, and everybody concerned sees it', async () => {
  const { world, clerk, town, ask } = await newOffice()
  const { db, keys, clock } = world
  const { id } = await delegate(db, clerk, await ask(), clock.now)
  expect((await listDelegations(db, keys, town, clock.now)).items).toMatchObject([
    { id, state: 'running', mayEnd: false },
  ])
  expect(await refusal(endDelegation(db, town, id, clock.now))).toBe('NOT_FOUND')
  await endDelegation(db, clerk, id, world.later(60))
  await endDelegation(db, clerk, id, clock.now)
  expect((await world.actorOf(town.personId)).roles).toHaveLength(1)
  expect((await listDelegations(db, keys, clerk, clock.now)).items).toMatchObject([
    { id, state: 'over', mayEnd: false },
  ])
  const elsewhere = await world.staff('townStaff', world.places.otherTown)
  expect((await listDelegations(db, keys, elsewhere, clock.now)).items).toEqual([])
  expect(await db.operationLog.count({ where: { action: 'endDelegation' } })).toBe(1)
})
