// What a server asks of a database before it serves it.
import { randomUUID } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { issuanceAccount } from '../../server/ledger/accounts'
import { post } from '../../server/ledger/post'
import { whyNotServe } from '../../server/serve'
import { Refusal } from '../../shared/core/refusals'
import { addSeconds } from '../../shared/core/time'
import { newWorld, serveWorld } from '../support/world'

vi.setConfig({ testTimeout: 120_000 })

test('books that were written in the future are not served: the clock of the machine is wrong', async () => {
  const { db, config, clock, programmeId } = await newWorld()
  await db.$transaction(async (tx) => {
    const issuance = await issuanceAccount(tx, programmeId)
    const pool = randomUUID()
    await tx.ledgerAccount.create({
      data: {
        ...{ id: pool, programmeId, kind: 'pool', stored: true, seq: 0, openedAt: clock.now },
        ...{ postedMilliPoints: 0n, pendingMilliPoints: 0n, lowestMilliPoints: 0n },
      },
    })
    const draft = { id: randomUUID(), programmeId, kind: 'BONUS', refType: 'test', refId: pool, revision: 0 }
    const postings = [
      { accountId: issuance, milliPoints: -1n },
      { accountId: pool, milliPoints: 1n },
    ]
    await post(tx, [{ ...draft, happenedAt: clock.now, byId: 'test', explanation: {}, postings }], clock.now)
  })
  expect(await whyNotServe(db, config, addSeconds(clock.now, -600))).toBeNull()
  expect(await whyNotServe(db, config, addSeconds(clock.now, -601))).toContain('the clock of this machine says')
})

test('a database that was made for a demonstration is never served in production, and the other way round', async () => {
  const demo = await newWorld()
  expect(await whyNotServe(demo.db, { ...demo.config, production: true }, demo.clock.now)).toContain('DATABASE_URL')
  const live = await newWorld({ kind: 'live' })
  expect(await whyNotServe(live.db, live.config, live.clock.now)).toContain('NODE_ENV')
  expect(await whyNotServe(live.db, { ...live.config, production: true }, live.clock.now)).toBeNull()
})

test('while the machine’s clock is set back, everybody is told so, and nothing is written', async () => {
  const world = await newWorld()
  const { base } = await serveWorld({
    ...world,
    parts: {
      ...world.parts,
      now: () => {
        throw new Refusal('SERVER_CLOCK')
      },
    },
  })
  const answer = await fetch(`${base}/api/v1/session/identities`)
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([503, 'SERVER_CLOCK'])
})
