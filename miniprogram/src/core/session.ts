import type { Me, Tokens } from '../../../shared/session/view'
import { forgetAll, keep, kept } from './keep'
import { createStore, useStore } from './store'

/** Who uses this phone: the tokens, and what the server said about the person (null until asked). */
export interface Session {
  tokens: Tokens
  me: Me | null
  /** Nonce of a renewal that wasn't answered yet: the same renewal asked twice is one. */
  renewalNonce: string | null
}

const store = createStore<Session | null>('mulin.session', null, (stored) =>
  typeof stored === 'object' && stored !== null && 'tokens' in stored ? (stored as Session) : null,
)

export const currentSession = store.get
export const onSession = store.subscribe

export function useSession(): Session | null {
  return useStore(store)
}

/** Begins a session. What the phone kept for somebody else is forgotten; the same person finds it again. */
export function startSession(tokens: Tokens): void {
  if (kept('owner') !== tokens.personId) forgetAll()
  keep('owner', tokens.personId)
  store.set({ tokens, me: null, renewalNonce: null })
}

/** The server doesn't know this session any more: one logs in again and goes on. */
export function endSession(): void {
  store.set(null)
}

/** Leaves the phone to somebody else. Telling the server is the page's business (`DELETE /session`). */
export function leaveSession(): void {
  endSession()
  forgetAll()
}

export function changeSession(change: Partial<Session>): void {
  const session = store.get()
  if (session !== null) store.set({ ...session, ...change })
}
