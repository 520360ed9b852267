import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { closeAnomaly, listAnomalies } from '../../server/anomaly/cases'
import { findAnomalies } from '../../server/anomaly/find'
import { manualShare, publicShare } from '../../server/anomaly/share'
import type { Actor } from '../../server/core/actor'
import { issuePlates } from '../../server/plate/issue'
import { forgetSettings } from '../../server/region/settings'
import { atDoor, HOME, NEAR, refusalOf } from '../support/door'
import { newWorld, serveWorld, type World } from '../support/world'

let world: World
let auditor: Actor
beforeAll(async () => {
  world = await newWorld()
  auditor = await world.staff('townAuditor', world.places.town)
})
const open = async (actor: Actor) =>
  (await listAnomalies(world.db, world.keys, actor, { state: 'open', limit: 50 })).items

test('the clock finds what is odd once, staff close it, and nothing is debited', async () => {
  const { helper, served, answer, pointsOf, begin, end, plate } = await atDoor(world, { homePoint: HOME })
  for (let visit = 0; visit < 4; visit++) {
    const { id } = await begin({ place: NEAR })
    world.later(1800)
    await end(id, { place: NEAR, code: plate.code })
    await answer(id, 'yes')
    world.later(3600)
  }
  const before = await pointsOf()
  expect(await findAnomalies(world.db, world.clock.now)).toBeGreaterThan(0)
  expect(await findAnomalies(world.db, world.clock.now)).toBe(0)
  const cases = await open(auditor)
  const spot = cases.find(({ kind }) => kind === 'sameSpot')
  expect(spot).toMatchObject({ kindWords: '定位一模一样', subjects: [{ id: helper.id, name: '张*', kind: 'member' }] })
  expect(spot?.sentence).toContain('4 次')
  expect(await open(await world.staff('townAuditor', world.places.town2))).toEqual([])

  const close = (actor: Actor) =>
    closeAnomaly(
      world.db,
      actor,
      spot?.id ?? '',
      { id: randomUUID(), outcome: 'upheld', note: '上门看过' },
      world.clock.now,
    )
  expect(await refusalOf(close(await world.staff('townAuditor', world.places.town2)))).toBe('NOT_FOUND')
  expect(await refusalOf(close(await world.staff('villageStaff')))).toBe('NOT_FOUND')
  await close(auditor)
  expect(await refusalOf(close(auditor))).toBe('ANOMALY_CLOSED')
  expect((await open(auditor)).some(({ kind }) => kind === 'sameSpot')).toBe(false)
  await findAnomalies(world.db, world.clock.now)
  expect((await open(auditor)).some(({ kind }) => kind === 'sameSpot')).toBe(false)
  expect(await pointsOf()).toBe(before)
  expect(served).toBeDefined()
})

test('the share of what was typed in is told by village and clerk, and to everybody without a name', async () => {
  const place = world.places.village3
  const clerk = await world.staff('villageStaff', place)
  const helper = await world.member({ place })
  const elders = await Promise.all(Array.from({ length: 5 }, () => world.elder({ place })))
  for (const [index, elder] of elders.entries()) {
    const id = randomUUID()
    const at = new Date(Date.UTC(2026, 10, 3 + index, 1))
    const where = { regionId: place.id, regionPath: place.path, countyId: place.countyId as string }
    const when = { day: `2026-11-0${3 + index}`, month: '2026-11', counted: false, servedSeconds: 3600 }
    await world.db.visit.create({
      data: {
        ...{ id, memberId: helper.id, memberPersonId: helper.personId, serviceId: world.service.id, ...where, ...when },
        ...{ channel: 'inPerson', nature: 'volunteer', state: 'finished', checkInAt: at, recordedAt: at },
        ...{
          checkOutAt: new Date(at.getTime() + 3600_000),
          level: index === 0 ? 0 : 2,
          tasksDone: '[]',
          flag: 'clean',
        },
        enteredByPersonId: index === 0 ? clerk.personId : null,
        elders: { create: { elderId: elder.id, ...where, ...when, channel: 'inPerson', nature: 'volunteer' } },
      },
    })
  }
  const asked = { regionId: place.id, month: '2026-11' }
  const house = await world.db.organisation.create({
    data: {
      ...{ id: randomUUID(), kind: 'centre', regionId: place.id, regionPath: place.path, name: '尹家敬老院' },
      ...{ countyId: place.countyId as string, code: '', address: '', phone: '', openingHours: '', needs: '' },
      ...{ active: true, source: 'desk', byPersonId: clerk.personId, recordedAt: world.clock.now },
    },
  })
  const beds = elders.slice(0, 2).map(({ id }, index) => ({
    ...{ kind: 'bed' as const, organisationId: house.id, label: `${index + 1} 床`, elderId: id },
  }))
  await issuePlates(world.db, world.keys, clerk, { batchId: randomUUID(), plates: beds }, world.clock.now)
  const share = await manualShare(world.db, world.keys, clerk, asked)
  expect(share).toMatchObject({
    all: { visits: 5, manual: 1, percent: '20.0' },
    villages: [{ name: '尹家村', visits: 5, manual: 1, percent: '20.0' }],
    sites: [{ name: '尹家敬老院', visits: 2, manual: 1, percent: '50.0' }],
    clerks: [{ name: '孙*', lines: 1, percent: '100.0' }],
  })
  expect((await publicShare(world.db, asked, world.clock.now)).villages).toEqual(
    share.villages.map(({ id: _, ...line }) => line),
  )
  const { ask } = await serveWorld(world)
  const { body, status } = await ask(null, 'GET', `/public/manual-share?regionId=${place.id}&month=2026-11`)
  expect(status).toBe(200)
  expect(JSON.stringify(body)).not.toContain('孙')
  const few = await publicShare(world.db, asked, world.clock.now)
  expect([few.sites, few.clerks]).toEqual([[], null])
  const setting = { regionId: world.places.county.id, key: 'publicLeast', value: '1', version: 1 }
  await world.db.setting.create({
    data: { id: randomUUID(), ...setting, validFrom: '2026-01-01', recordedAt: world.clock.now },
  })
  forgetSettings(world.db)
  const many = await publicShare(world.db, asked, world.clock.now)
  expect(many.sites).toEqual([{ name: '尹家敬老院', visits: 2, manual: 1, percent: '50.0' }])
  expect(many.clerks).toEqual({ count: 1, topPercent: '100.0' })
  await world.db.setting.deleteMany({ where: { key: 'publicLeast' } })
  forgetSettings(world.db)
  await world.db.visitElder.deleteMany({ where: { elderId: elders[4]?.id ?? '' } })
  expect((await publicShare(world.db, asked, world.clock.now)).villages).toEqual([])
})
