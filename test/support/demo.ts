// A small demonstration community, served with its apps: every page has something to show, and the clock stands still.

import { readConfig } from '../../server/core/config'
import { openDb } from '../../server/core/db'
import { newLog } from '../../server/core/log'
import { DEMO_PLATE } from '../../server/demo/identities'
import { addDemo } from '../../server/demo/seed'
import { tokenOfPlate } from '../../server/plate/queries'
import { startSession } from '../../server/session/start'
import { addDays, instantOf } from '../../shared/core/time'
import { freshDatabase } from './database'
import { serveWorld, TODAY } from './world'

const FEW_ELDERS = 60

export async function newDemo() {
  const db = openDb(await freshDatabase(), { connections: 10 })
  const config = {
    ...readConfig({ NODE_ENV: 'test', MULIN_SUITE: process.env.MULIN_SUITE }),
    busyAbove: 5000,
    rateLimit: 1_000_000,
  }
  // Some days ago: by now there are visits that nobody has confirmed.
  const clock = { now: instantOf(addDays(TODAY, -4), '10:00') }
  const parts = { db, config, now: () => clock.now, log: newLog('silent'), wechat: null, sms: null }
  await addDemo(parts, { elders: FEW_ELDERS, seed: 1 })
  clock.now = instantOf(TODAY, '10:00')
  const served = await serveWorld({ db, parts, clock, keys: config.keys })

  /** Whom one can be, by kind: as on the login pages. */
  const { body: identities } = await served.ask<{ id: string; kind: string; app: 'phone' | 'admin' }[]>(
    null,
    'GET',
    '/session/identities',
  )
  const personOf = (kind: string, app: 'phone' | 'admin' = 'phone') => {
    const found = identities.find((one) => one.kind === kind && one.app === app)
    if (found === undefined) throw new Error(`the demonstration has no ${kind} for the ${app}`)
    return { personId: found.id }
  }
  const tokensOf = (personId: string) => startSession(db, config.keys, personId, {}, clock.now)
  const { value: serial } = await db.meta.findUniqueOrThrow({ where: { key: DEMO_PLATE } })
  const token = tokenOfPlate(config.keys, await db.plate.findUniqueOrThrow({ where: { serial } })) ?? ''
  return { ...served, db, clock, plate: { serial, token }, personOf, tokensOf }
}
export type Demo = Awaited<ReturnType<typeof newDemo>>
