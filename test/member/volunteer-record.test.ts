import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { rateVisit } from '../../server/visit/rate'
import type { VolunteerRecord } from '../../shared/member/view'
import { addVisit } from '../report/month'
import { newWorld, serveWorld } from '../support/world'

test('the volunteer record of a year has what the law asks for, of volunteering alone, and tells what came too late', async () => {
  const world = await newWorld()
  const clerk = await world.staff('townStaff', world.places.town)
  const member = await world.member({ name: '于海涛' })
  const elder = await world.elder()
  const rated = await addVisit(world, member, elder, '2026-11-19')
  await addVisit(world, member, elder, '2026-11-20', { nature: 'mutualAid' })
  await addVisit(world, member, elder, '2026-11-18', { nature: 'dutyPaid' })
  await addVisit(world, member, elder, '2025-11-20')
  const waiting = await addVisit(world, member, elder, '2026-11-02')
  await world.db.visit.update({ where: { id: waiting }, data: { state: 'finished' } })
  const face = { id: randomUUID(), elderId: elder.id, face: 3 as const }
  await rateVisit(world.db, elder.actor, rated, face, world.clock.now)
  const { ask } = await serveWorld(world)
  const write = (fields: object) =>
    ask(clerk, 'POST', '/member-records', { id: randomUUID(), memberId: member.id, ...fields })
  await write({ kind: 'training', title: '急救', seconds: 14_400, grantedBy: '区红十字会', day: '2026-03-01' })
  await write({ kind: 'honour', title: '最美志愿者', grantedBy: '区民政局', day: '2026-05-01' })
  await write({ kind: 'skill', title: '理发', day: '2020-01-01' })
  const of = (who: { personId: string }) =>
    ask<VolunteerRecord>(who, 'GET', `/members/${member.id}/volunteer-record?year=2026`)
  const { body } = await of(clerk)
  expect(body.total).toEqual({ visits: 2, seconds: 7200, trainingSeconds: 14_400, late: 1 })
  expect(body.person).toMatchObject({ maskedName: '于*涛', area: '泽头镇 北庄村', skills: ['理发'] })
  expect([body.trainings[0]?.grantedBy, body.honours[0]?.title]).toEqual(['区红十字会', '最美志愿者'])
  // Monday 2 November and ten working days: Monday 16 November
  expect(body.services.map((one) => [one.day, one.late, one.recordedDay])).toEqual([
    ['2026-11-02', true, null],
    ['2026-11-19', false, '2026-11-19'],
  ])
  expect(body.services[0]?.due).toContain('11-16')
  // art. 10: what was said of this year’s volunteering
  expect(body.rating).toMatchObject({ elder: { good: 1, fair: 0, bad: 0 }, calls: { times: 0 }, stars: 0 })
  expect((await of(member)).status).toBe(200)
  expect((await of(await world.member({ place: world.places.otherVillage }))).status).toBe(404)
})
