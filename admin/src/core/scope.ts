import { useSearchParams } from 'react-router'
import { useMe } from './session'

/**
 * The part of the tree the person looks at: `regionId` in the URL, else the widest region of their roles. It narrows
 * what is shown; what may be shown at all is the server's business.
 */
export function useScope(): { regionId: string; home: { regionId: string; regionName: string }; chosen: boolean } {
  const [params] = useSearchParams()
  const me = useMe()
  const home = me.roles[0] ?? me.member ?? { regionId: '', regionName: '' }
  const region = params.get('regionId')
  return { regionId: region ?? home.regionId, home, chosen: region !== null }
}

/** The village of who works for one village only: what a form starts with. */
export function useOwnVillage(): { regionId: string; regionName: string } | null {
  const [role] = useMe().roles
  return role?.role === 'villageStaff' ? role : null
}

/** A link that stays in the same part of the tree. */
export function useScoped(): (path: string) => string {
  const { regionId, chosen } = useScope()
  return (path) =>
    chosen && !path.includes('regionId=') ? `${path}${path.includes('?') ? '&' : '?'}regionId=${regionId}` : path
}
