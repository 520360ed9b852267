import { expect, test } from 'vitest'
import type { Actor } from '../../server/core/actor'
import { readConfig } from '../../server/core/config'
import { openDb } from '../../server/core/db'
import { newLog } from '../../server/core/log'
import { addDemo } from '../../server/demo/seed'
import { auditLedger } from '../../server/ledger/audit'
import { loadActor } from '../../server/session/authenticate'
import { demoIdentities } from '../../server/session/demo'
import { startSession } from '../../server/session/start'
import { readAccess } from '../../server/session/tokens'
import { showVisit } from '../../server/visit/show'
import { freshDatabase } from '../support/database'

test('a community is made by the verbs alone: its books are right, and every kind of person can be played', async () => {
  const db = openDb(await freshDatabase())
  const parts = {
    db,
    config: readConfig({ NODE_ENV: 'test', MULIN_SUITE: process.env.MULIN_SUITE }),
    now: () => new Date('2026-11-22T04:00:00Z'),
    log: newLog('silent'),
    wechat: null,
    sms: null,
  }
  const steps: number[] = []

  const made = await addDemo(parts, { elders: 12, seed: 3 }, (done, of) => steps.push(done / of))

  expect(made).toMatchObject({ elders: 12 })
  expect(made.visits).toBeGreaterThan(0)
  expect(await db.elder.count()).toBe(12)
  expect(await db.visit.count({ where: { state: 'inProgress' } })).toBe(0)
  expect((await auditLedger(db)).problem).toBeNull()
  const kinds = (await demoIdentities(parts)).map((one) => one.app)
  expect(new Set(kinds)).toEqual(new Set(['phone', 'admin']))
  expect(steps).toEqual([...steps].sort((a, b) => a - b))
  expect(Math.max(...steps)).toBeLessThanOrEqual(1)
  await everyRecordHasItsReason(parts)
  await db.$disconnect()
}, 900_000)

/** Each visit, to its helper and at the desk, has a timeline and says in one sentence why it is worth what it is worth. */
async function everyRecordHasItsReason({ db, config, now }: Parameters<typeof addDemo>[0]): Promise<void> {
  const visits = await db.visit.findMany({ select: { id: true, memberPersonId: true } })
  const admin = await db.staffRole.findFirstOrThrow({ where: { role: 'countyAdmin' } })
  const actors = new Map<string, Actor>()
  const actorOf = async (personId: string) => {
    const known = actors.get(personId)
    if (known !== undefined) return known
    const { accessToken } = await startSession(db, config.keys, personId, {}, now())
    const { sessionId } = readAccess(accessToken, config.keys, now())
    const actor = await loadActor(db, sessionId, personId, now())
    actors.set(personId, actor)
    return actor
  }
  const without: string[] = []
  for (const { id, memberPersonId } of visits)
    for (const personId of [memberPersonId, admin.personId]) {
      const shown = await showVisit(db, config.keys, await actorOf(personId), id, now())
      const hasNumbers = /\d/.test(shown.why) && shown.why.length > 10
      if (!hasNumbers || shown.timeline.length < 2 || shown.pointsSentence === '') without.push(`${id}: ${shown.why}`)
    }
  expect(without).toEqual([])
}
