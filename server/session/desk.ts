import { Refusal } from '../../shared/core/refusals'
import { addSeconds } from '../../shared/core/time'
import type { Tokens } from '../../shared/session/view'
import type { Actor } from '../core/actor'
import type { Keys } from '../core/config'
import { blindIndex } from '../core/crypto'
import type { Db } from '../core/db'
import { newDigits } from '../core/ids'
import { startSession } from './start'

const CODE_SECONDS = 300

/** Eight digits on the phone of somebody who is logged in there: they log the same person in at a desk, once. */
export async function newDeskCode(
  db: Db,
  keys: Keys,
  actor: Actor,
  at: Date,
): Promise<{ code: string; expiresAt: string }> {
  const code = newDigits(8)
  const expiresAt = addSeconds(at, CODE_SECONDS)
  await db.$transaction(async (tx) => {
    await tx.deskCode.deleteMany({ where: { OR: [{ personId: actor.personId }, { expiresAt: { lt: at } }] } })
    await tx.deskCode.create({ data: { codeHash: codeHashOf(keys, code), personId: actor.personId, expiresAt } })
  })
  return { code, expiresAt: expiresAt.toISOString() }
}

/** @throws Refusal LOGIN_CODE_WRONG, alike for unknown, used and expired codes */
export async function logInAtDesk(db: Db, keys: Keys, input: { code: string }, at: Date): Promise<Tokens> {
  const codeHash = codeHashOf(keys, input.code)
  const used = await db.deskCode.updateMany({
    where: { codeHash, usedAt: null, expiresAt: { gte: at } },
    data: { usedAt: at },
  })
  if (used.count === 0) throw new Refusal('LOGIN_CODE_WRONG')
  const { personId } = await db.deskCode.findUniqueOrThrow({ where: { codeHash } })
  return startSession(db, keys, personId, {}, at, 'desk')
}

/** Keyed, since eight digits alone could be tried against a stolen table. */
function codeHashOf(keys: Keys, code: string): string {
  return blindIndex(keys.index, 'desk', code)
}
