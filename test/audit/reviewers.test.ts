import { randomUUID } from 'node:crypto'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { decideVisits } from '../../server/audit/decide'
import { appointReviewer, findReviewers } from '../../server/audit/reviewers'
import { freezeSpotCheck } from '../../server/audit/spot'
import { decideComplaint } from '../../server/complaint/decide'
import { openComplaint } from '../../server/complaint/open'
import type { Actor } from '../../server/core/actor'
import { decideListing, liftListing, proposeListing } from '../../server/credit/listing'
import { decidePaper } from '../../server/paper/decide'
import { enterPaper } from '../../server/paper/enter'
import { showPaper } from '../../server/paper/list'
import { attachPicture } from '../../server/paper/picture'
import { setSetting } from '../../server/region/set'
import { recordCall } from '../../server/visit/call'
import { checkField } from '../../server/visit/field-check'
import { showVisit } from '../../server/visit/show'
import { addDays } from '../../shared/core/time'
import type { Duty } from '../../shared/session/duties'
import { atDoor, refusalOf } from '../support/door'
import { newWorld, TODAY } from '../support/world'

/** A county whose reviewers work apart, with an auditor of the town and an admin who appoints. */
async function apart() {
  const world = await newWorld()
  const door = await atDoor(world)
  const { db, places, clock } = world
  const admin = await world.staff('countyAdmin', places.county)
  const setting = { id: randomUUID(), key: 'reviewersApart' as const, value: 1, validFrom: TODAY }
  await setSetting(db, admin, places.county.id, setting, clock.now)
  const rowOf = (actor: Actor) => db.staffRole.findFirstOrThrow({ where: { personId: actor.personId } })
  const appoint = async (actor: Actor, duty: Duty | '', by: Actor = admin) => {
    const { id } = await rowOf(actor)
    return appointReviewer(db, by, { id: randomUUID(), staffId: id, duty }, clock.now)
  }
  const reviewer = async (duty: Duty, role: 'townAuditor' | 'townStaff' = 'townAuditor') => {
    const actor = await world.staff(role, places.town)
    await appoint(actor, duty)
    return world.actorOf(actor.personId)
  }
  const decide = async (actor: Actor, visitId: string, decision: 'approve' | 'return' = 'approve') => {
    const reasonCode = decision === 'approve' ? 'calledBack' : 'nobodyCame'
    const input = { id: randomUUID(), decision, visitIds: [visitId], reasonCode }
    return (await decideVisits(db, actor, input, clock.now)).outcomes[0]?.code ?? null
  }
  return { world, ...door, db, places, clock, admin, appoint, reviewer, rowOf, decide }
}

test('where the four work apart each takes the own step, and who has no duty takes none', async () => {
  const { world, db, clock, places, elder, served, answer, reviewer, decide } = await apart()
  const [verify, approve, arbitrate, supervise] = [
    await reviewer('verify', 'townStaff'),
    await reviewer('approve'),
    await reviewer('arbitrate'),
    await reviewer('supervise'),
  ]
  const none = await world.staff('townAuditor', places.town)
  const clean = await served(30, 1)
  await answer(clean, 'yes')
  for (const other of [none, arbitrate, supervise]) expect(await decide(other, clean)).toBe('REVIEWER_DUTY')
  expect((await showVisit(db, world.keys, none, clean, clock.now)).whyNotDecide).toBe('REVIEWER_DUTY')
  expect(await decide(approve, clean)).toBeNull()
  // what somebody disputes is red: for the one who settles disputes alone
  const red = await served(30, 1)
  await answer(red, 'no')
  expect(await decide(approve, red, 'return')).toBe('REVIEWER_DUTY')
  expect(await decide(arbitrate, red, 'return')).toBeNull()
  const call = { id: randomUUID(), elderId: elder.id, reached: false }
  expect(await refusalOf(recordCall(db, none, clean, call, clock.now))).not.toBeNull()
  expect(await refusalOf(recordCall(db, verify, clean, call, clock.now))).toBeNull()
  const village = await world.staff('villageStaff', places.village)
  expect(await refusalOf(recordCall(db, village, clean, { ...call, id: randomUUID() }, clock.now))).toBe(
    'REVIEWER_DUTY',
  )
  const spot = () => ({
    ...{ id: randomUUID(), regionId: places.town.id, from: TODAY, to: TODAY, percent: 50, seedFrom: '双色球' },
  })
  expect(await refusalOf(freezeSpotCheck(db, approve, spot(), clock.now))).toBe('REVIEWER_DUTY')
  expect(await refusalOf(freezeSpotCheck(db, supervise, spot(), clock.now))).toBeNull()
})

test('checks at the door and paper are for who verifies, the lists of credit for who watches', async () => {
  const { world, db, keys, clock, elder, helper, plate, reviewer, places } = await apart().then((one) => ({
    ...one,
    keys: one.world.keys,
  }))
  const verify = await reviewer('verify', 'townStaff')
  const supervise = await reviewer('supervise')
  const plain = await world.staff('townStaff', places.town)
  const check = () => ({ id: randomUUID(), code: plate.code, result: 'well' as const, note: '' })
  expect(await refusalOf(checkField(db, keys, { actor: plain, at: clock.now }, check()))).toBe('REVIEWER_DUTY')
  expect(await refusalOf(checkField(db, keys, { actor: verify, at: clock.now }, check()))).toBeNull()

  const clerk = await world.staff('villageStaff')
  const lines = [
    {
      ...{ elderId: elder.id, memberId: helper.id, serviceId: world.service.id, signedBy: 'elder' as const },
      ...{ day: addDays(TODAY, -1), from: '09:00', to: '10:00' },
    },
  ]
  const paper = { id: randomUUID(), reason: '村里没有信号', lines }
  await enterPaper(db, keys, clerk, paper, clock.now)
  const image = await sharp({ create: { width: 40, height: 40, channels: 3, background: '#fed' } })
    .jpeg()
    .toBuffer()
  await attachPicture(db, keys, clerk, paper.id, { id: randomUUID(), image: image.toString('base64') }, clock.now)
  const decide = (by: Actor) =>
    decidePaper(db, keys, by, paper.id, { id: randomUUID(), outcome: 'approved', note: '和照片一致' }, clock.now)
  expect((await showPaper(db, keys, plain, paper.id, clock.now)).whyNot).toBe('REVIEWER_DUTY')
  expect(await refusalOf(decide(plain))).toBe('REVIEWER_DUTY')
  expect(await refusalOf(decide(verify))).toBeNull()

  const [asker, other] = [await world.staff('townAuditor', places.town), await reviewer('arbitrate')]
  const listing = {
    ...{ id: randomUUID(), list: 'red' as const, kind: 'helper' as const, subjectId: helper.id },
    ...{ reason: '常年照顾三家', fromDay: addDays(TODAY, 1), untilDay: addDays(TODAY, 90) },
  }
  await proposeListing(db, asker, listing, clock.now)
  const said = { id: randomUUID(), decision: 'list' as const, note: '核实过' }
  expect(await refusalOf(decideListing(db, other, listing.id, { ...said, id: randomUUID() }, clock.now))).toBe(
    'REVIEWER_DUTY',
  )
  await decideListing(db, supervise, listing.id, said, clock.now)
  const lift = (by: Actor) => liftListing(db, by, listing.id, { id: randomUUID(), reason: '记错了人' }, clock.now)
  expect(await refusalOf(lift(other))).toBe('REVIEWER_DUTY')
  expect(await refusalOf(lift(supervise))).toBeNull()
})

test('nobody takes two steps of one visit, even with another duty by then', async () => {
  const { db, clock, elder, served, answer, reviewer, decide, appoint, world } = await apart()
  const first = await reviewer('approve')
  const visitId = await served(30, 1)
  await answer(visitId, 'yes')
  expect(await decide(first, visitId)).toBeNull()
  await appoint(first, 'arbitrate')
  const later = await world.actorOf(first.personId)
  const { id } = await openComplaint(db, elder.actor, { id: randomUUID(), visitId, kind: 'manner' }, clock.now)
  const uphold = () => ({ id: randomUUID(), decision: 'uphold' as const, reason: '问过两边' })
  expect(await refusalOf(decideComplaint(db, later, id, uphold(), clock.now))).toBe('REVIEWER_STEP')
  const none = await world.staff('townAuditor', world.places.town)
  expect(await refusalOf(decideComplaint(db, none, id, uphold(), clock.now))).toBe('REVIEWER_DUTY')
  expect(await refusalOf(decideComplaint(db, await reviewer('arbitrate'), id, uphold(), clock.now))).toBeNull()
})

test('one person has one duty, no role carries what it may not do, nobody appoints himself, and all of it is logged', async () => {
  const { world, db, keys, clock, places, admin, appoint, rowOf } = await apart().then((one) => ({
    ...one,
    keys: one.world.keys,
  }))
  const clerk = await world.staff('villageStaff', places.village)
  expect(await refusalOf(appoint(clerk, 'arbitrate'))).toBe('REVIEWER_ROLE')
  expect(await refusalOf(appoint(clerk, 'verify', clerk))).toBe('NOT_FOUND')
  expect(await refusalOf(appoint(admin, 'approve'))).toBe('NOT_ALLOWED')
  await appoint(clerk, 'verify')
  await world.staff('townAuditor', places.town, { personId: clerk.personId })
  const second = await db.staffRole.findFirstOrThrow({ where: { personId: clerk.personId, role: 'townAuditor' } })
  const approve = { id: randomUUID(), staffId: second.id, duty: 'approve' as const }
  expect(await refusalOf(appointReviewer(db, admin, approve, clock.now))).toBe('REVIEWER_ONE')
  const shown = await findReviewers(db, keys, admin, undefined, clock.now)
  expect(shown.apart).toBe(true)
  expect(shown.duties.map(({ words }) => words)).toEqual(['核实专员', '审核专员', '复核专员', '监督专员'])
  expect(shown.staff.find(({ id }) => id === second.id)).toMatchObject({ duty: '', mayAppoint: true })
  expect((await rowOf(clerk)).duty).toBe('verify')
  expect(await db.operationLog.count({ where: { action: 'appointReviewer' } })).toBe(1)
})
