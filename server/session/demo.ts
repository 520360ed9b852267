import { Refusal } from '../../shared/core/refusals'
import type { Identity, Tokens } from '../../shared/session/view'
import type { Db } from '../core/db'
import type { Parts } from '../core/route'
import { openPersons } from '../person/vault'
import { type Phone, startSession } from './start'

/** What the demo wrote down about whom one can be; names are sealed like everybody's and opened for the list. */
export type DemoIdentity = Omit<Identity, 'name'>
export const DEMO_IDENTITIES = 'demoIdentities'

/** @throws Refusal DEMO_ONLY outside a demonstration */
export async function demoIdentities({ db, config }: Parts): Promise<Identity[]> {
  const listed = await listedIdentities(db, config.demo)
  const persons = await openPersons(
    db,
    config.keys,
    listed.map((one) => one.id),
  )
  return listed.map((one) => ({ ...one, name: persons.get(one.id)?.name ?? '' }))
}

export async function logInAsDemo(parts: Parts, input: Phone & { identityId: string }, at: Date): Promise<Tokens> {
  const listed = await listedIdentities(parts.db, parts.config.demo)
  if (!listed.some((one) => one.id === input.identityId)) throw new Refusal('NOT_FOUND')
  return startSession(parts.db, parts.config.keys, input.identityId, input, at, 'demo')
}

async function listedIdentities(db: Db, demo: boolean): Promise<DemoIdentity[]> {
  if (!(await isDemo(db, demo))) throw new Refusal('DEMO_ONLY')
  const row = await db.meta.findUnique({ where: { key: DEMO_IDENTITIES } })
  return row === null ? [] : (JSON.parse(row.value) as DemoIdentity[])
}

/** Both the server and the database must say so: real data is never open to the demo's login. */
export async function isDemo(db: Db, demo: boolean): Promise<boolean> {
  const kind = demo ? await db.meta.findUnique({ where: { key: 'kind' } }) : null
  return kind?.value === 'demo'
}
