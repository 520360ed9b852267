import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import type { invitedLoginInput } from '../../shared/elder/input'
import type { Tokens } from '../../shared/session/view'
import { logEach } from '../core/operation-log'
import type { Parts } from '../core/route'
import { findOpenInvitation } from '../elder/invitation'
import { addPerson, findByPhone } from '../person/vault'
import { startSession } from './start'
import { bindOpenid, phoneOf, readTicket } from './wechat'

/**
 * A relative whom nobody has written down yet, with an elder's invitation in the hand: WeChat vouches for the phone number,
 * the name is what he or she says. Whoever is known by the number is that person. The invitation itself is taken up after.
 *
 * @throws Refusal SESSION_ENDED, INVITATION_UNKNOWN, INVITATION_OVER, INVITATION_USED, PERSON_UNKNOWN for a number of several
 */
export async function logInInvited(parts: Parts, input: z.infer<typeof invitedLoginInput>, at: Date): Promise<Tokens> {
  const { db, config } = parts
  const openid = readTicket(config.keys, input.ticket, at)
  const invitation = await findOpenInvitation(db, config.keys, input.code, at)
  const phone = await phoneOf(parts, input.phoneCode)
  const known = await findByPhone(db, config.keys, phone)
  if (known.length > 1) throw new Refusal('PERSON_UNKNOWN')
  const personId =
    known[0] ??
    (await db.$transaction(async (tx) => {
      const person = { name: input.name, identityKind: 'none' as const, phone }
      const added = await addPerson(tx, config.keys, person, at)
      await logEach(tx, [
        {
          ...{ actor: null, at, action: 'enrolInvited', resource: 'person', resourceId: added.personId },
          ...{ regionPath: invitation.regionPath, after: { invitationId: invitation.id } },
        },
      ])
      return added.personId
    }))
  await bindOpenid(parts, personId, openid)
  return startSession(db, config.keys, personId, input, at)
}
