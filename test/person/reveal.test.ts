import { expect, test } from 'vitest'
import { newWorld, serveWorld } from '../support/world'

const why = { purpose: '通知改时间' }

test('whoever may see phones opens that of a helper or elder, one field, with a purpose, for a minute; each opening is in the log', async () => {
  const world = await newWorld()
  const { db, places } = world
  const { ask } = await serveWorld(world)
  const phone = '17011112222'
  const helper = await world.member({ personId: await world.person({ name: '于得水', phone }) })
  const elder = await world.elder({ name: '王秀英' })
  const path = `/members/${helper.id}/reveals`
  const seen: [string, unknown][] = []
  for (const [role, place] of [
    ['villageStaff', places.village],
    ['townAuditor', places.town],
    ['auditor', places.county],
    ['cityAdmin', places.city],
    ['systemAdmin', places.county],
    ['villageStaff', places.village2],
  ] as const) {
    const { status, body } = await ask<{ value?: string; seconds?: number }>(
      await world.staff(role, place),
      'POST',
      path,
      { field: 'phone', ...why },
    )
    seen.push([role, status === 200 ? [body.value, body.seconds] : status])
  }
  expect(seen).toEqual([
    ['villageStaff', [phone, 60]],
    ['townAuditor', [phone, 60]],
    ['auditor', [phone, 60]],
    ['cityAdmin', 403],
    ['systemAdmin', 403],
    ['villageStaff', 404],
  ])
  const auditor = await world.staff('townAuditor', places.town)
  expect((await ask(auditor, 'POST', `/elders/${elder.id}/reveals`, { field: 'name', ...why })).body).toEqual({
    value: '王秀英',
    seconds: 60,
  })
  expect((await ask(auditor, 'POST', path, { field: 'idNumber', ...why })).status).toBe(403)
  expect((await ask(auditor, 'POST', path, { field: 'phone', purpose: ' ' })).status).toBe(400)
  const opened = await db.operationLog.findMany({ where: { action: 'reveal' }, orderBy: { id: 'asc' } })
  expect(opened.map(({ resource, resourceId, after, purpose }) => [resource, resourceId, after, purpose])).toEqual([
    ...Array(3).fill(['member', helper.id, '{"field":"phone"}', '通知改时间']),
    ['elder', elder.id, '{"field":"name"}', '通知改时间'],
  ])
})
