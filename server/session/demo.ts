import { Refusal } from '../../shared/core/refusals'
import type { Identity, Tokens } from '../../shared/session/view'
import type { Db } from '../core/db'
import type { Parts } from '../core/route'
import { openPersons } from '../person/vault'
import { startSession } from './start'

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

export async function logInAsDemo(
  parts: Parts,
  input: { identityId: string; deviceId?: string | undefined },
  at: Date,
): Promise<Tokens> {
  const listed = await listedIdentities(parts.db, parts.config.demo)
  if (!listed.some((one) => one.id === input.identityId)) throw new Refusal('NOT_FOUND')
  return startSession(parts.db, parts.config.keys, input.identityId, input.deviceId, at, 'demo')
}

async function listedIdentities(db: Db, demo: boolean): Promise<DemoIdentity[]> {
  const kind = demo ? await db.meta.findUnique({ where: { key: 'kind' } }) : null
  if (kind?.value !== 'demo') throw new Refusal('DEMO_ONLY')
  const row = await db.meta.findUnique({ where: { key: DEMO_IDENTITIES } })
  return row === null ? [] : (JSON.parse(row.value) as DemoIdentity[])
}
