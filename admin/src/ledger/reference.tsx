import { Link } from 'react-router'
import { useScoped } from '../core/scope'

const WORDS: Record<string, string> = {
  redemption: '兑换',
  request: '积分申请',
  gift: '赠送捐赠',
  grant: '按规则发放',
  festival: '节日',
  organiser: '组织活动',
  referral: '介绍新志愿者',
  expiry: '到期',
  transaction: '另一笔',
  order: '需求单',
  complaint: '投诉',
}

/** What a movement of points rests on, as a link where there is a page for it. */
export function Reference({ type, id }: { type: string; id: string }) {
  const scoped = useScoped()
  if (type === 'visit')
    return (
      <Link className="txt" to={scoped(`/visits?open=${id}`)}>
        服务记录
      </Link>
    )
  return <span className="t2">{WORDS[type] ?? type}</span>
}
