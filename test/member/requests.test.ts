import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openDb } from '../../server/core/db'
import { issuanceAccount } from '../../server/ledger/accounts'
import { post } from '../../server/ledger/post'
import { accountOfPerson } from '../../server/member/account'
import { auditAll } from '../../server/proof/audit'
import { signCheckpoints } from '../../server/proof/keep'
import { newWorld, serveWorld } from '../support/world'

vi.setConfig({ testTimeout: 120_000 })

async function county() {
  const world = await newWorld()
  const { db, clock, programmeId, places } = world
  const { ask } = await serveWorld(world)
  const [li, clerk] = [await world.member(), await world.staff('townStaff', places.town)]
  const [boss, second] = [
    await world.staff('countyAdmin', places.county),
    await world.staff('countyAdmin', places.county),
  ]
  const accountId = await db.$transaction((tx) => accountOfPerson(tx, li.personId, programmeId, clock.now))
  const request = (more: object) => ({ id: randomUUID(), accountId, reason: '补记八月的帮忙', ...more })
  const balance = async (path = '') =>
    (await ask(boss, 'GET', `/accounts/${accountId}/balance${path}`)).body.milliPoints
  return { world, ask, li, clerk, boss, second, accountId, request, balance }
}

test('a manual entry waits for a second person, who sees it in the list', async () => {
  const { ask, clerk, boss, request, balance } = await county()
  const manual = request({ kind: 'MANUAL', milliPoints: '30000', evidenceHash: 'ab'.repeat(32) })
  expect(await ask(clerk, 'POST', '/point-requests', manual)).toMatchObject({ status: 201 })
  expect(await ask(clerk, 'POST', '/point-requests', manual)).toMatchObject({ status: 201 })
  const other = await ask(clerk, 'POST', '/point-requests', { ...manual, milliPoints: '30001' })
  expect([other.status, other.body.code]).toEqual([409, 'IDEMPOTENCY_CONFLICT'])
  expect(await balance()).toBe('0')

  const { body } = await ask(boss, 'GET', '/point-requests?state=waiting')
  expect(body.items).toMatchObject([{ id: manual.id, kindWord: '手工记分', state: 'waiting', mayDecide: true }])
  const decision = `/point-requests/${manual.id}/decision`
  expect(await ask(clerk, 'POST', decision, { decision: 'approve' })).toMatchObject({ status: 403 })
  expect(await ask(boss, 'POST', decision, { decision: 'approve' })).toMatchObject({ status: 200 })
  // a lost answer, asked for again: the same one, and the points move once
  expect(await ask(boss, 'POST', decision, { decision: 'approve' })).toMatchObject({ status: 200 })

  expect(await balance()).toBe('30000')
  expect((await ask(boss, 'GET', '/point-requests?state=decided')).body.items).toMatchObject([{ state: 'approved' }])
})

test('without evidence, above the quota of the month, or below zero where nothing is below zero it is refused', async () => {
  const { ask, clerk, boss, request } = await county()
  const codeOf = async (more: object, who = clerk) =>
    (await ask(who, 'POST', '/point-requests', request(more))).body.code
  const evidenceHash = 'ab'.repeat(32)
  expect(await codeOf({ kind: 'MANUAL', milliPoints: '1000' })).toBe('EVIDENCE_NEEDED')
  expect(await codeOf({ kind: 'MANUAL', milliPoints: '0', evidenceHash })).toBe('AMOUNT')
  expect(await codeOf({ kind: 'MANUAL', milliPoints: '1.5', evidenceHash })).toBe('AMOUNT')
  expect(await codeOf({ kind: 'MANUAL', milliPoints: '-300000', evidenceHash })).toBeUndefined()
  expect(await codeOf({ kind: 'MANUAL', milliPoints: '200001', evidenceHash })).toBe('QUOTA_USED')
  expect(await codeOf({ kind: 'GRANT', milliPoints: '1000' })).toBe('NOT_ALLOWED')
  expect(await codeOf({ kind: 'GRANT', milliPoints: '-1000' }, boss)).toBe('AMOUNT')
  expect(await codeOf({ kind: 'REVERSE' }, boss)).toBe('REQUIRED')
  expect(await codeOf({ kind: 'CLOSE' }, boss)).toBe('REQUIRED')
})

test('a small grant needs one person, a large one two, and nobody decides what he asked for', async () => {
  const { ask, boss, second, request, balance } = await county()
  const [small, large] = [
    request({ kind: 'GRANT', milliPoints: '100000' }),
    request({ kind: 'GRANT', milliPoints: '100001' }),
  ]
  for (const one of [small, large]) await ask(boss, 'POST', '/point-requests', one)
  expect(await balance()).toBe('100000')
  const path = `/point-requests/${large.id}/decision`
  expect((await ask(boss, 'POST', path, { decision: 'approve' })).body.code).toBe('REQUEST_OWN')
  expect((await ask(second, 'POST', `/point-requests/${small.id}/decision`, { decision: 'reject' })).body.code).toBe(
    'REQUEST_DECIDED',
  )

  await ask(second, 'POST', path, { decision: 'approve' })

  expect(await balance()).toBe('200001')
  expect(await balance('?at=2020-01-01T00:00:00Z')).toBe('0')
})

test('many small grants of one person in a month are a large one: the rest waits for a second person', async () => {
  const { world, ask, boss, second, request, balance } = await county()
  const small = () => request({ kind: 'GRANT', milliPoints: '100000' })
  for (let count = 0; count < 4; count++) await ask(boss, 'POST', '/point-requests', small())
  const [fifth, sixth] = [small(), small()]
  await Promise.all([fifth, sixth].map((one) => ask(boss, 'POST', '/point-requests', one)))
  expect(await balance()).toBe('500000')
  await ask(second, 'POST', '/point-requests', small())
  expect(await balance()).toBe('600000')
  const { body } = await ask<{ items: { id: string }[] }>(second, 'GET', '/point-requests?state=waiting')
  const waiting = body.items.map((one) => one.id)
  expect([[fifth.id], [sixth.id]]).toContainEqual(waiting)
  await ask(second, 'POST', `/point-requests/${waiting[0]}/decision`, { decision: 'approve' })
  expect(await balance()).toBe('700000')

  world.at('09:00', '2026-12-01')
  await ask(boss, 'POST', '/point-requests', small())
  expect(await balance()).toBe('800000')

  await signCheckpoints(world.parts, world.clock.now)
  expect((await auditAll(world.db, world.config.log)).problem).toBeNull()
  const strict = { id: randomUUID(), key: 'grantPointsMonthMax', value: '300', version: 1, validFrom: '2026-01-01' }
  await world.db.setting.create({
    data: { ...strict, regionId: world.places.county.id, byPersonId: null, recordedAt: world.clock.now },
  })
  const afresh = openDb(world.databaseUrl) // settings are remembered for some seconds
  onTestFinished(() => afresh.$disconnect())
  expect((await auditAll(afresh, world.config.log)).problem).toMatchObject({ invariant: 'I11' })
})

test('an award is reversed by two, and the statement shows both with what was there before and after', async () => {
  const { world, ask, li, boss, second, accountId, request, balance } = await county()
  const { db, clock, programmeId } = world
  const transactionId = randomUUID()
  await db.$transaction(async (tx) => {
    const issuance = await issuanceAccount(tx, programmeId)
    const postings = [
      { accountId: issuance, milliPoints: -5000n },
      { accountId, milliPoints: 5000n },
    ]
    const reference = { programmeId, kind: 'EARN', refType: 'visit', refId: randomUUID(), revision: 0 }
    await post(
      tx,
      [{ id: transactionId, ...reference, happenedAt: clock.now, byId: 'test', explanation: {}, postings }],
      clock.now,
    )
  })
  const reversal = request({ kind: 'REVERSE', transactionId })
  await ask(boss, 'POST', '/point-requests', reversal)
  expect(await balance('?at=2030-01-01T00:00:00Z')).toBe('5000')
  await ask(second, 'POST', `/point-requests/${reversal.id}/decision`, { decision: 'approve' })

  const span = 'from=2026-11-01&to=2026-11-30'
  const { body } = await ask(li, 'GET', `/points/mine/statement?${span}&limit=1`)
  expect(body).toMatchObject({ openingMilliPoints: '0', closingMilliPoints: '0', items: [{ kind: 'EARN' }] })
  const next = await ask(boss, 'GET', `/accounts/${accountId}/statement?${span}&limit=1&cursor=${body.next}`)
  expect(next.body).toMatchObject({ items: [{ kind: 'REVERSE', amountMilliPoints: '-5000' }], next: null })
  expect((await ask(boss, 'GET', `/accounts/${accountId}/statement?from=2026-12-01&to=2026-11-01`)).status).toBe(400)
})
