import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { addOrganisation } from '../../server/registry/organisations'
import { addRecord, remindEnding } from '../../server/registry/records'
import { rateVisit } from '../../server/visit/rate'
import type { OrganisationView, RecordView } from '../../shared/registry/view'
import type { SchemeDocument } from '../../shared/scheme/document'
import { atDoor, HOME } from '../support/door'
import { newWorld, SIMPLE, serveWorld } from '../support/world'

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

test('rules read what the registers say on the day of the visit, and the explanation says what that was', async () => {
  const scheme: SchemeDocument = {
    ...SIMPLE,
    earn: {
      ...SIMPLE.earn,
      rounding: { mode: 'down', stepMilliPoints: 100, over: 'visit' },
      when: '志愿者有效登记 包含 保险 且 helperRecords has 服务协议',
      coefficients: [
        { name: '受过表扬', times: [3, 2], when: 'helperHonours >= 1' },
        { name: '培训满', times: [2, 1], when: 'helperTrainingMinutes >= 240' },
        { name: '老人满意', times: [11, 10], when: 'helperContentPercent >= 80' },
      ],
    },
  }
  const world = await newWorld({ scheme })
  const { db, clock } = world
  const door = await atDoor(world, { homePoint: HOME })
  const clerk = await world.staff('townStaff', world.places.town)
  const keep = (kind: 'insurance' | 'agreement' | 'honour' | 'training', day: string, more: object = {}) =>
    addRecord(
      db,
      clerk,
      {
        ...{ id: randomUUID(), kind, memberId: door.helper.id, organisationId: null, title: '一份', content: '' },
        ...{ seconds: 0, grantedBy: '', number: '', day, untilDay: null, ...more },
      },
      clock.now,
    )
  const earned = async () => {
    const id = await door.served(60)
    await door.answer(id, 'yes')
    const visit = await door.visitOf(id)
    return { id, milliPoints: visit.awardedMilliPoints, explanation: JSON.parse(visit.explanation ?? '{}') }
  }
  await keep('insurance', '2026-01-01', { untilDay: '2026-11-22' })
  expect((await earned()).milliPoints).toBe(0n)
  await keep('agreement', '2026-01-01')
  const first = await earned()
  expect(first.milliPoints).toBe(12_000n)
  expect(first.explanation.inputs).toContainEqual({ label: '志愿者有效登记', value: '保险、服务协议' })
  expect(first.explanation.inputs).toContainEqual({ label: '志愿者老人满意百分比', value: '没有登记' })
  // the day after its last the insurance is over
  world.at('09:00', '2026-11-23')
  const over = await earned()
  expect([over.milliPoints, over.explanation.zeroReason]).toEqual([0n, '不符合计分条件，只记时长'])
  await keep('insurance', '2026-11-23', { untilDay: '2027-11-22' })
  await keep('honour', '2025-11-20')
  await keep('training', '2026-11-02', { seconds: 14_400 })
  expect((await earned()).milliPoints).toBe(24_000n)
  // what elders say counts from the next day on; an honour of more than a year ago doesn't
  await rateVisit(db, door.elder.actor, first.id, { id: randomUUID(), elderId: door.elder.id, face: 3 }, clock.now)
  await keep('honour', '2026-11-20')
  expect((await earned()).milliPoints).toBe(36_000n)
  world.at('09:00', '2026-11-24')
  const last = await earned()
  expect(last.milliPoints).toBe(39_600n)
  expect(last.explanation.formula).toBe('60 分钟 ÷ 5 × 1.5（受过表扬） × 2（培训满） × 1.1（老人满意） = 39.6 分')
})

test('a rule may ask of which kind of organisation a helper’s team is, while the helper is in it', async () => {
  const when = 'helperBodies has 社工机构'
  const world = await newWorld({ scheme: { ...SIMPLE, earn: { ...SIMPLE.earn, when } } })
  const { db, clock } = world
  const door = await atDoor(world, { homePoint: HOME })
  const clerk = await world.staff('townStaff', world.places.town)
  const bodyOf = async (kind: 'socialWork' | 'company') => {
    const id = randomUUID()
    const fields = { code: '', address: '', phone: '', openingHours: '', needs: [], active: true }
    const given = { id, regionId: world.places.village.id, kind, name: `泽头${kind}`, ...fields }
    await addOrganisation(db, clerk, given, clock.now)
    return id
  }
  const join = async (organisationId: string, untilDay: string | null) =>
    addRecord(
      db,
      clerk,
      {
        ...{ id: randomUUID(), kind: 'team', memberId: door.helper.id, organisationId, title: '一队', content: '' },
        ...{ seconds: 0, grantedBy: '', number: '', day: '2026-01-01', untilDay },
      },
      clock.now,
    )
  const earned = async () => {
    const id = await door.served(60)
    await door.answer(id, 'yes')
    return (await door.visitOf(id)).awardedMilliPoints
  }
  await join(await bodyOf('company'), null)
  expect(await earned()).toBe(0n)
  await join(await bodyOf('socialWork'), '2026-11-22')
  expect(await earned()).toBe(12_000n)
  world.at('09:00', '2026-11-23')
  expect(await earned()).toBe(0n)
})
