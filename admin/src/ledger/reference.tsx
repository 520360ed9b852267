import { Link } from 'react-router'
import { useScoped } from '../core/scope'

/** What a movement of points rests on, as a link where there is a page for it. */
export function Reference({ type, id }: { type: string; id: string }) {
  const scoped = useScoped()
  if (type === 'visit')
    return (
      <Link className="txt" to={scoped(`/visits?open=${id}`)}>
        服务记录
      </Link>
    )
  if (type === 'redemption') return <span>兑换</span>
  return <span className="t2">{type}</span>
}
