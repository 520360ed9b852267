import { useQuery } from '@tanstack/react-query'
import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Me } from '../../../shared/session/view'
import { get, hasSession, keepTokens, onTokens, post, remove, type Tokens } from './call'

/** Whether somebody is logged in at this tab; changes by itself when the server ends the session. */
export function useHasSession(): boolean {
  return useSyncExternalStore(onTokens, hasSession)
}

/** Who is logged in. Read again at each start: roles may have ended over night. */
export function useWhoIAm(enabled: boolean) {
  return useQuery({ queryKey: ['me'], queryFn: () => get<Me>('/me'), enabled, staleTime: 60_000 })
}

export const MeContext = createContext<Me | null>(null)

/** The person at this desk, inside the shell. */
export function useMe(): Me {
  const me = useContext(MeContext)
  if (me === null) throw new Error('useMe outside of the shell')
  return me
}

export async function logIn(path: string, body: unknown): Promise<void> {
  keepTokens(await post<Tokens>(path, body))
}

export async function logOut(): Promise<void> {
  try {
    await remove('/session')
  } finally {
    keepTokens(null)
  }
}
