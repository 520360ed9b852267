import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { remindEnding } from '../../server/registry/records'
import type { OrganisationView, RecordView } from '../../shared/registry/view'
import { newWorld, serveWorld } from '../support/world'

async function newRegistry() {
  const world = await newWorld()
  const clerk = await world.staff('townStaff', world.places.town)
  const { ask } = await serveWorld(world)
  const point = {
    ...{ id: randomUUID(), regionId: world.places.village.id, kind: 'mutualAidPoint', name: '北庄睦邻互助点' },
    ...{ needs: ['living', 'culture'], openingHours: '每天 8:00–17:00', phone: '0631-1', address: '村委会旁' },
  }
  return { world, clerk, ask, point }
}

test('a point is registered once, listed in its village and changed; another of its name is refused', async () => {
  const { world, clerk, ask, point } = await newRegistry()
  const added = await ask<OrganisationView>(clerk, 'POST', '/organisations', point)
  expect([added.status, added.body.needs, added.body.regionName]).toEqual([201, ['living', 'culture'], '北庄村'])
  expect((await ask(clerk, 'POST', '/organisations', point)).status).toBe(201)
  expect((await ask(clerk, 'POST', '/organisations', { ...point, id: randomUUID() })).body).toMatchObject({
    code: 'NAME_TAKEN',
  })
  const { id: _, regionId: __, ...fields } = point
  await ask(clerk, 'PUT', `/organisations/${point.id}`, { ...fields, active: false })
  const list = await ask<{ items: OrganisationView[] }>(clerk, 'GET', '/organisations?kind=mutualAidPoint')
  expect(list.body.items.map((one) => [one.name, one.active])).toEqual([['北庄睦邻互助点', false]])
  const stranger = await world.staff('villageStaff', world.places.otherVillage)
  expect((await ask(stranger, 'PUT', `/organisations/${point.id}`, fields)).status).toBe(404)
})

test('a training is kept with its hours; what was wrong is withdrawn with a reason and stays to be seen', async () => {
  const { world, clerk, ask } = await newRegistry()
  const member = await world.member()
  const training = {
    ...{
      id: randomUUID(),
      kind: 'training',
      memberId: member.id,
      title: '急救',
      seconds: 14_400,
      grantedBy: '区红十字会',
    },
    day: '2026-11-02',
  }
  expect((await ask<RecordView>(clerk, 'POST', '/member-records', training)).body).toMatchObject({
    ...{ memberName: '张*', seconds: 14_400, grantedBy: '区红十字会', source: 'desk' },
  })
  const marksOf = async () => (await world.db.member.findUniqueOrThrow({ where: { id: member.id } })).trainings
  expect(await marksOf()).toBe('急救')
  await ask(clerk, 'POST', `/member-records/${training.id}/withdrawal`, { reason: '记错人了' })
  expect(await marksOf()).toBe('')
  const { body } = await ask<{ items: RecordView[] }>(clerk, 'GET', `/member-records?memberId=${member.id}`)
  expect(body.items.map((one) => [one.title, one.withdrawnReason])).toEqual([['急救', '记错人了']])
  const wrong = (change: object) => ask(clerk, 'POST', '/member-records', { ...training, id: randomUUID(), ...change })
  expect((await wrong({ day: '2026-12-01' })).body).toMatchObject({ code: 'DATE_IN_FUTURE' })
  expect((await wrong({ untilDay: '2026-11-01' })).body).toMatchObject({ code: 'DATE_ORDER' })
  expect((await wrong({ kind: 'team' })).body).toMatchObject({ code: 'ORGANISATION_UNKNOWN' })
})

test('the desk is told once that an insurance ends soon, as many days before as the place says', async () => {
  const { world, clerk, ask } = await newRegistry()
  const member = await world.member()
  for (const untilDay of ['2026-12-10', '2027-03-01'])
    await ask(clerk, 'POST', '/member-records', {
      ...{
        id: randomUUID(),
        kind: 'insurance',
        memberId: member.id,
        title: '志愿者意外险',
        day: '2026-01-01',
        untilDay,
      },
    })
  expect(await remindEnding(world.db, world.clock.now)).toBe(1)
  expect(await remindEnding(world.db, world.later(3600))).toBe(0)
  expect(await world.db.notice.findMany({ select: { personId: true, kind: true } })).toEqual([
    { personId: clerk.personId, kind: 'recordEnds' },
  ])
})
