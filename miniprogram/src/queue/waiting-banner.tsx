import { Banner } from '../components/banner'
import { go } from '../core/go'
import { isUnread, isWaiting, useItems } from './queue'

/** 2 条等待上传 ›, and what came to nothing: on every page where something can be done without a network. */
export function WaitingBanner() {
  const items = useItems()
  const waiting = items.filter(isWaiting).length
  const conflicts = items.filter(isUnread).length
  const open = () => go('/queue/waiting')
  return (
    <>
      {waiting > 0 && (
        <Banner icon="offline" title={`${waiting} 条等待上传`} note="有网络时自动上传，不会丢" onTap={open} />
      )}
      {conflicts > 0 && <Banner tone="bad" icon="alert" title={`${conflicts} 条没有算数，请看看`} onTap={open} />}
    </>
  )
}
