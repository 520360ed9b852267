import { useEffect } from 'react'
import { SETTINGS } from '../../../shared/region/settings'
import { useSession } from './session'
import { createStore } from './store'

/** Whom one may call, also after the session has ended: the number of the community this phone was last used in. */
const store = createStore<string>('mulin.hotline', SETTINGS.hotline.standard, (stored) =>
  typeof stored === 'string' && stored !== '' ? stored : null,
)

export function useHotline(): string {
  const hotline = useSession()?.me?.hotline
  useEffect(() => {
    if (hotline !== undefined) store.set(hotline)
  }, [hotline])
  return hotline ?? store.get()
}
