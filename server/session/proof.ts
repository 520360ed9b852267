import type { Actor } from '../core/actor'

/** What can't be undone wants to know again who sits there. */
const PROOF_SECONDS = 900

/** Why an act that can't be undone must wait for another proof, or null. A demonstration asks nobody. */
export function whyNotProved({ how, provedAt }: Actor, at: Date): 'PROOF_NEEDED' | null {
  if (how === 'demo') return null
  const seconds = provedAt === null ? Number.POSITIVE_INFINITY : (at.getTime() - provedAt.getTime()) / 1000
  return seconds > PROOF_SECONDS ? 'PROOF_NEEDED' : null
}
