import { expect, test } from 'vitest'
import { revealField } from '../../server/elder/reveal'
import { JOBS } from '../../server/jobs/list'
import type { Page } from '../../shared/core/view'
import { newWorld, serveWorld } from '../support/world'

type Line = { action: string; purpose: string | null; before: string | null; after: string | null; resourceId: string }

test('the log is searched by what was done, to what, what for and when, and says before and after', async () => {
  const world = await newWorld()
  const { ask } = await serveWorld(world)
  const [town, auditor] = [
    await world.staff('townStaff', world.places.town),
    await world.staff('auditor', world.places.county),
  ]
  const [one, two] = [await world.elder(), await world.elder()]
  const helper = await world.member()
  await revealField(world.db, world.keys, town, one.id, { field: 'phone', purpose: '回访核对' }, world.clock.now)
  await revealField(
    world.db,
    world.keys,
    town,
    two.id,
    { field: 'idNumber', purpose: '补录证件' },
    world.clock.now,
  ).catch(() => null)
  await ask(town, 'POST', `/members/${helper.id}/state`, { state: 'suspended', reason: '搬走了' })
  const found = async (query: string) => (await ask<Page<Line>>(auditor, 'GET', `/operations?${query}`)).body.items
  expect((await found('action=reveal')).map(({ purpose }) => purpose)).toEqual(['补录证件', '回访核对'])
  expect((await found(`q=${encodeURIComponent('核对')}`)).map(({ resourceId }) => resourceId)).toEqual([one.id])
  expect(await found(`q=${two.id}`)).toHaveLength(1)
  expect(await found('action=reveal&to=2026-11-21')).toEqual([])
  expect(await found('resource=member')).toMatchObject([
    { action: 'state', before: expect.stringContaining('active'), after: expect.stringContaining('suspended') },
  ])
}, 120_000)

test('no job takes a line of the log away, however old: six months of it are always there', async () => {
  const world = await newWorld()
  const town = await world.staff('townStaff', world.places.town)
  const elder = await world.elder()
  await revealField(world.db, world.keys, town, elder.id, { field: 'phone', purpose: '回访' }, world.clock.now)
  const years = world.later(3 * 365 * 86_400)
  for (const job of JOBS.filter(({ kind }) => kind.startsWith('forget'))) await job.run(world.parts, years)
  expect(await world.db.operationLog.count({ where: { action: 'reveal' } })).toBe(1)
})
