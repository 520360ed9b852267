import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import type { contactInput } from '../../shared/elder/input'
import { CONTACTS_MAX } from '../../shared/elder/rules'
import { normaliseName, normalisePhone, whyNotName, whyNotPhone } from '../../shared/person/rules'
import type { Actor } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { sealerFor } from '../person/vault'
import { findElderToChange } from './find'

type Contact = z.infer<typeof contactInput>
type Sealer = Awaited<ReturnType<typeof sealerFor>>

/** Adds somebody to telephone. */
export async function addContact(
  db: Db,
  keys: Keys,
  actor: Actor,
  elderId: string,
  input: Contact,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(
      tx,
      { key: input.id, personId: actor.personId, verb: 'addContact', input: { elderId, ...input }, at },
      async () => {
        const elder = await findElderToChange(tx, actor, elderId)
        if ((await tx.elderContact.count({ where: { elderId } })) >= CONTACTS_MAX) throw new Refusal('CONTACT_FULL')
        const seal = await sealerFor(tx, keys, [elder.personId])
        await tx.elderContact.create({ data: contactRow(elderId, elder.personId, input, seal, '') })
        await logOperation(tx, actor, {
          at,
          action: 'contact',
          resource: 'elder',
          resourceId: elderId,
          regionPath: elder.regionPath,
          after: { contactId: input.id },
        })
        return { id: elderId }
      },
    ),
  )
}

/**
 * Sealed with the elder's key: erasing the elder erases whom to call.
 *
 * @param within what stands before a field's name in the form it was filled in: `contacts.`, or nothing
 */
export function contactRow(
  elderId: string,
  personId: string,
  { id, relation, name, phone }: Contact,
  seal: Sealer,
  within: string,
) {
  refuse(whyNotName(name), { field: `${within}name` })
  refuse(whyNotPhone(phone), { field: `${within}phone` })
  return {
    id,
    elderId,
    relation,
    nameSealed: seal(personId, 'elder_contact', 'name', normaliseName(name)),
    phoneSealed: seal(personId, 'elder_contact', 'phone', normalisePhone(phone)),
  }
}
