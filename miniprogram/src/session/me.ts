import type { Me } from '../../../shared/session/view'
import { get } from '../core/call'
import { changeSession, useSession } from '../core/session'
import { type Query, useQuery } from '../core/use-query'

/** Asks again who uses this phone whenever the page is shown: rights come and go. Without a session nothing is asked. */
export function useFreshMe(): { me: Me | null; query: Query<Me> } {
  const session = useSession()
  const query = useQuery(session === null ? null : `me.${session.tokens.personId}`, async () => {
    const me = await get<Me>('/me')
    changeSession({ me })
    return me
  })
  return { me: session?.me ?? null, query }
}
