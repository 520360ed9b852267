import { Segmented } from 'antd'
import type { ListingView } from '../../../shared/credit/view'
import { Page } from '../components/page'
import { useScope, useScoped } from '../core/scope'
import { useList } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { Listings } from './listings'

const SHOWN = [
  { value: 'open', label: '等决定' },
  { value: 'inForce', label: '已列入' },
  { value: 'past', label: '不列入和移出的' },
]

/** 红黑名单: reason, days, who asked and who decided, appeals. */
export default function ListsPage() {
  const scoped = useScoped()
  const { regionId } = useScope()
  const [url, set] = useUrlState()
  const show = SHOWN.find(({ value }) => value === url.show)?.value ?? 'inForce'
  const list = useList<ListingView>('/credit-listings', { regionId, show, cursor: url.cursor, limit: 50 })
  return (
    <Page
      title="红黑名单"
      note="一人提请，另一人决定，申诉由第三人看；要列入谁，从“信用”点开那个人"
      back={{ to: scoped('/credit'), label: '信用' }}
    >
      <Listings
        list={list}
        tools={
          <Segmented
            aria-label="看哪些"
            value={show}
            options={SHOWN}
            onChange={(value) => set({ show: value, cursor: undefined })}
          />
        }
      />
    </Page>
  )
}
