import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { decideVisits } from '../../server/audit/decide'
import { drawSpotCheck, findSpotCheck, freezeSpotCheck, listSpotChecks, recordFinding } from '../../server/audit/spot'
import { gradeAll } from '../../server/credit/evaluate'
import { findCredit } from '../../server/credit/queries'
import { codesOf } from '../ledger/books'
import { atDoor } from '../support/door'
import { newWorld } from '../support/world'

const freeze = (regionId: string, more: object = {}) => ({
  ...{
    id: randomUUID(),
    regionId,
    from: '2026-11-01',
    to: '2026-11-22',
    percent: 50,
    seedFrom: '11 月 25 日双色球号码',
  },
  ...more,
})

test('visits and inspectors are drawn from a frozen list and a public seed, once, and anybody can draw them again', async () => {
  const world = await newWorld()
  const { db, places, keys } = world
  const door = await atDoor(world)
  const auditor = await world.staff('townAuditor', places.town)
  const [staff, admin] = [await world.staff('townStaff', places.town), await world.staff('countyAdmin', places.county)]
  const neighbour = await world.staff('townStaff', places.town2)
  const visitIds: string[] = []
  for (let step = 0; step < 4; step += 1) {
    const id = await door.served(30, 1)
    await door.answer(id, 'yes')
    visitIds.push(id)
    world.later(3600)
  }
  const [own] = visitIds as [string]
  await decideVisits(
    db,
    auditor,
    { id: randomUUID(), decision: 'approve', visitIds, reasonCode: 'calledBack' },
    world.clock.now,
  )
  const now = world.clock.now
  const check = freeze(places.town.id)
  await Promise.all([freezeSpotCheck(db, auditor, check, now), freezeSpotCheck(db, auditor, check, now)])
  const late = await door.served(30, 1)
  const seed = { id: randomUUID(), seed: '03 11 17 22 28 31 + 09' }
  await drawSpotCheck(db, auditor, check.id, seed, now)
  await drawSpotCheck(db, auditor, check.id, seed, now)

  const drawn = await findSpotCheck(db, keys, auditor, check.id, now)
  expect(drawn).toMatchObject({ listSize: 4, drawn: 2, found: 0, reproduced: true, seed: seed.seed })
  const items = await db.spotItem.findMany({ orderBy: { position: 'asc' } })
  expect(items.every((one) => visitIds.includes(one.visitId) && one.visitId !== late)).toBe(true)
  // who approved them inspects none of them
  expect(items.every((one) => [staff.personId, admin.personId].includes(one.inspectorPersonId))).toBe(true)
  expect(items.map((one) => one.inspectorPersonId)).not.toContain(auditor.personId)

  const [item] = items as [(typeof items)[number]]
  const inspector = item.inspectorPersonId === staff.personId ? staff : admin
  const other = inspector === staff ? admin : staff
  const finding = (more: object = {}) => ({
    id: randomUUID(),
    finding: 'problem' as const,
    note: '老人说没来过',
    ...more,
  })
  expect(
    await codesOf([
      recordFinding(db, other, item.id, finding(), now),
      recordFinding(db, inspector, item.id, finding({ note: '' }), now),
      drawSpotCheck(db, auditor, check.id, { ...seed, id: randomUUID() }, now),
      freezeSpotCheck(db, auditor, freeze(places.town.id, { from: '2026-10-01', to: '2026-10-31' }), now),
      freezeSpotCheck(db, auditor, freeze(places.town2.id), now),
      findSpotCheck(db, keys, neighbour, check.id, now),
    ]),
  ).toEqual(['NOT_ALLOWED', 'REQUIRED', 'SPOT_DRAWN', 'SPOT_EMPTY', 'NOT_FOUND', 'NOT_FOUND'])
  await recordFinding(db, inspector, item.id, finding(), now)
  expect(await codesOf([recordFinding(db, inspector, item.id, finding({ finding: 'asRecorded' }), now)])).toEqual([
    'SPOT_FOUND',
  ])
  expect(await listSpotChecks(db, auditor)).toMatchObject([{ drawn: 2, found: 1, problems: 1 }])
  // what was found stands in the next grade of the helper
  await gradeAll(db, now)
  const { grades } = await findCredit(db, keys, auditor, { kind: 'helper', id: door.helper.id })
  expect(grades[0]?.parts).toContainEqual(expect.objectContaining({ words: '抽查有问题', count: 1 }))
  await expect(db.spotCheck.updateMany({ data: { list: own } })).rejects.toMatchObject({ code: 'P2003' })
  await expect(db.spotItem.updateMany({ data: { finding: 'asRecorded' } })).rejects.toMatchObject({ code: 'P2003' })
})

test('where everybody had a part in a visit nothing is drawn', async () => {
  const world = await newWorld()
  const { db, places, clock } = world
  const door = await atDoor(world)
  const auditor = await world.staff('townAuditor', places.town)
  const id = await door.served(30, 1)
  await door.answer(id, 'yes')
  await decideVisits(
    db,
    auditor,
    { id: randomUUID(), decision: 'approve', visitIds: [id], reasonCode: 'allGood' },
    clock.now,
  )
  const check = freeze(places.village.id)
  await freezeSpotCheck(db, auditor, check, clock.now)
  expect(await codesOf([drawSpotCheck(db, auditor, check.id, { id: randomUUID(), seed: '1' }, clock.now)])).toEqual([
    'SPOT_NO_INSPECTOR',
  ])
  expect((await db.spotCheck.findUniqueOrThrow({ where: { id: check.id } })).seed).toBeNull()
})
