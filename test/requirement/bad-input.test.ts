import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { REFUSALS, type RefusalCode } from '../../shared/core/refusals'
import { newWorld, serveWorld, type World } from '../support/world'

let world: World
let ask: Awaited<ReturnType<typeof serveWorld>>['ask']
let admin: Awaited<ReturnType<World['staff']>>
let elderId: string
let tagId: string
beforeAll(async () => {
  world = await newWorld()
  ask = (await serveWorld(world)).ask
  admin = await world.staff('countyAdmin', world.places.county)
  elderId = (await world.elder()).id
  tagId = randomUUID()
  const tag = { id: tagId, elderId, category: 'leftBehind', validFrom: '2026-11-10', validTo: null }
  await world.db.elderCategory.create({ data: { ...tag, byPersonId: admin.personId, recordedAt: world.clock.now } })
  const stay = { id: randomUUID(), kind: 'hospital', validFrom: '2026-12-01', validTo: '2026-12-20', reason: '骨折' }
  expect((await ask(admin, 'POST', `/elders/${elderId}/exits`, stay)).status).toBeLessThan(300)
})

const rule = () => ({
  ...{ id: randomUUID(), regionId: world.places.county.id, category: 'livingAlone', channels: ['inPerson'] },
  ...{ minSeconds: 900, validFrom: '2026-12-01', validTo: null },
})
type Bad = { name: string; path: () => string; body: () => object; code: RefusalCode; field: string }
const BAD: readonly Bad[] = [
  {
    name: 'an exemption that overlaps another',
    path: () => `/elders/${elderId}/exits`,
    body: () => ({ id: randomUUID(), kind: 'away', validFrom: '2026-12-20', validTo: '2026-12-25', reason: '走亲戚' }),
    ...{ code: 'EXIT_OVERLAPS', field: 'validFrom' },
  },
  {
    name: 'an exemption that ends before it starts',
    path: () => `/elders/${elderId}/exits`,
    body: () => ({ id: randomUUID(), kind: 'away', validFrom: '2027-01-05', validTo: '2027-01-04', reason: '走亲戚' }),
    ...{ code: 'DATE_ORDER', field: 'validFrom' },
  },
  {
    name: 'a tag that ends before it starts',
    path: () => `/elders/${elderId}/tags/${tagId}/ending`,
    body: () => ({ validTo: '2026-11-09' }),
    ...{ code: 'DATE_ORDER', field: 'validTo' },
  },
  {
    name: 'a rule without an interval',
    path: () => '/requirements',
    body: rule,
    ...{ code: 'BAD_INPUT', field: 'interval' },
  },
  {
    name: 'a rule of every so many days that says not how many',
    path: () => '/requirements',
    body: () => ({ ...rule(), interval: 'days' }),
    ...{ code: 'REQUIREMENT_INTERVAL', field: 'intervalLength' },
  },
  {
    name: 'a rule that began yesterday',
    path: () => '/requirements',
    body: () => ({ ...rule(), interval: 'month', validFrom: '2026-11-21' }),
    ...{ code: 'DATE_IN_PAST', field: 'validFrom' },
  },
  {
    name: 'a score above 90',
    path: () => `/elders/${elderId}/assessments`,
    body: () => ({ id: randomUUID(), assessedDay: '2026-11-01', score: 91, organisation: '县评估中心' }),
    ...{ code: 'SCORE_RANGE', field: 'score' },
  },
]

test.each(BAD)(
  '$name is refused with a sentence at its field, and nothing is written',
  async ({ path, body, code, field }) => {
    const before = await everything()
    const answer = await ask<{ code: string; sentence: string; field?: string }>(admin, 'POST', path(), body())
    expect(answer.body).toMatchObject({ code, sentence: REFUSALS[code][1], field })
    expect(answer.status).toBe(REFUSALS[code][0])
    expect(await everything()).toEqual(before)
  },
)

const everything = () =>
  Promise.all([
    world.db.requirement.count(),
    world.db.elderExit.count(),
    world.db.elderCategory.count(),
    world.db.assessment.count(),
    world.db.operationLog.count(),
    world.db.idempotency.count(),
  ])
