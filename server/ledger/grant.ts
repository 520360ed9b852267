import type { Tx } from '../core/db'
import { issuanceAccount } from './accounts'
import { findAccount, type Move, move } from './move'

/**
 * Points given by the programme: out of the pool, or newly issued. Above the limit of the place it needs two persons: then
 * the reference is their request.
 *
 * GRANT: pool (or issuance) −x, member +x
 *
 * @param ask.from the pool; without it newly issued
 */
export async function grant(tx: Tx, ask: Move & { from?: string | undefined; to: string }, at: Date): Promise<void> {
  await move(tx, 'GRANT', { ...ask, from: ask.from ?? (await issuanceOf(tx, ask.to)) }, at)
}

/**
 * Points for bringing somebody in, for organising, for a festival.
 *
 * BONUS: issuance −x, member (or organisation, pool) +x
 */
export async function bonus(tx: Tx, ask: Move & { to: string }, at: Date): Promise<void> {
  await move(tx, 'BONUS', { ...ask, from: await issuanceOf(tx, ask.to) }, at)
}

async function issuanceOf(tx: Tx, accountId: string): Promise<string> {
  return issuanceAccount(tx, (await findAccount(tx, accountId)).programmeId)
}
