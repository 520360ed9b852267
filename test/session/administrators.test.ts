import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { ROUTES } from '../../server/app'
import { addStaff, appoint } from '../../server/member/staff'
import { whyNotHoldRole } from '../../shared/member/rules'
import { APART, DUTIES, PERMISSIONS } from '../../shared/session/permissions'
import { ROLES, type Role } from '../../shared/session/view'
import { refusal } from '../support/refusal'
import { newWorld, serveWorld, TODAY } from '../support/world'

const mayOf = (role: Role) =>
  Object.entries(PERMISSIONS).flatMap(([name, row]) => ((row.roles as readonly Role[]).includes(role) ? [name] : []))

test('each of the three administrators has duties of their own and sees no elder, helper or points', () => {
  expect(mayOf('systemAdmin')).toEqual(['region.read', 'region.govern', 'session.desk', 'jobs.read'])
  expect(mayOf('securityAdmin')).toEqual([
    ...['region.read', 'session.desk', 'staff.read', 'staff.appoint', 'staff.access', 'delegation.keep'],
  ])
  expect(mayOf('auditAdmin')).toEqual(['region.read', 'session.desk', 'operation.read'])
  for (const role of APART) expect(['none', 'C1']).toContain(DUTIES[role].sight)
})

test('nobody holds two of the three, nor one of them beside any other post', () => {
  for (const role of APART)
    for (const other of ROLES.filter((one) => one !== role)) {
      expect(whyNotHoldRole([role], other)).toBe('ROLE_CONFLICT')
      expect(whyNotHoldRole([other], role)).toBe('ROLE_CONFLICT')
    }
})

test('the database is asked too: who has one of the three gets no second post, however they are named', async () => {
  const { db, keys, clock, places } = await newWorld()
  const person = { name: '周安', identityKind: 'none' as const, phone: '13711110000' }
  const give = (role: Role) =>
    db.$transaction((tx) =>
      appoint(tx, keys, { id: randomUUID(), role, regionId: places.county.id, person, validFrom: TODAY }, clock.now),
    )
  await give('systemAdmin')
  expect(await refusal(give('auditAdmin'))).toBe('ROLE_CONFLICT')
  expect(await refusal(give('villageStaff'))).toBe('ROLE_CONFLICT')
})

test('a county can’t make its own administrators; a security administrator gives posts, and none to themselves', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const give = (by: Awaited<ReturnType<typeof world.staff>>, role: Role, phone: string) =>
    addStaff(
      db,
      keys,
      by,
      {
        ...{ id: randomUUID(), role, regionId: places.county.id, validFrom: TODAY },
        person: { name: '周安', identityKind: 'none' as const, phone },
      },
      clock.now,
    )
  const county = await world.staff('countyAdmin', places.county)
  const security = await world.staff('securityAdmin', places.county)
  for (const role of APART) expect(await refusal(give(county, role, '13722220000'))).toBe('NOT_ALLOWED')
  await give(security, 'auditAdmin', '13722220001')
  await give(security, 'countyAdmin', '13722220002')
})

test('over the wire each of them is refused everything that is not theirs', async () => {
  const world = await newWorld()
  const { ask } = await serveWorld(world)
  for (const role of APART) {
    const person = await world.staff(role, world.places.county)
    const open: string[] = []
    for (const one of ROUTES.filter(({ method, who }) => method === 'GET' && typeof who !== 'string')) {
      const { status } = await ask(person, 'GET', one.path)
      if (status !== 403) open.push(one.path)
    }
    const expected = ROUTES.filter(
      ({ method, who, may }) =>
        method === 'GET' && typeof who !== 'string' && may.some((name) => mayOf(role).includes(name)),
    ).map(({ path }) => path)
    expect(open).toEqual(expected)
  }
})

test('what the clock does is told to the system administrator, without any person', async () => {
  const world = await newWorld()
  const { ask } = await serveWorld(world)
  const system = await world.staff('systemAdmin', world.places.county)
  const failed = {
    id: randomUUID(),
    kind: 'holdSilent',
    key: 'k',
    dueAt: world.clock.now,
    tries: 2,
    lastError: 'Error',
  }
  await world.db.job.create({ data: failed })
  const { status, body } = await ask<{ kind: string; waiting: number; lastError: string | null }[]>(
    system,
    'GET',
    '/jobs',
  )
  expect(status).toBe(200)
  expect(body.find((one) => one.kind === 'holdSilent')).toMatchObject({ waiting: 1, lastError: 'Error' })
})
