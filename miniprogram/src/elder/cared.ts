import type { Me } from '../../../shared/session/view'
import { useSession } from '../core/session'
import { createStore, useStore } from '../core/store'

/** Somebody whose affairs this phone may see to: its owner, or an elder whose proxy the owner is. */
export interface Cared {
  elderId: string
  /** In full. */
  name: string
  isSelf: boolean
  /** What may be done for this elder; an elder may do everything. */
  scopes: readonly string[]
}

const OWN_SCOPES = ['confirm', 'ask', 'redeem']

const chosen = createStore<string | null>('mulin.elder', null, (stored) =>
  typeof stored === 'string' && stored !== '' ? stored : null,
)

/** Oneself first, then those who asked for help with the phone. */
export function caredOf(me: Me): Cared[] {
  const self = me.elder === null ? [] : [{ elderId: me.elder.id, name: me.name, isSelf: true, scopes: OWN_SCOPES }]
  return [...self, ...me.proxyOf.map(({ elderId, name, scopes }) => ({ elderId, name, isSelf: false, scopes }))]
}

/** The elder whose affairs are seen to just now: the one chosen on this phone while that is still allowed, else the first. */
export function useCared(): { cared: Cared | null; all: Cared[] } {
  const me = useSession()?.me ?? null
  const elderId = useStore(chosen)
  const all = me === null ? [] : caredOf(me)
  return { cared: all.find((one) => one.elderId === elderId) ?? all[0] ?? null, all }
}

export function chooseCared(elderId: string): void {
  chosen.set(elderId)
}

/** "您" to the elder, the name to who acts for the elder. */
export function addressed(cared: Cared): string {
  return cared.isSelf ? '您' : cared.name
}
