import { pointsText } from '../../../shared/core/amounts'
import { dayOf } from '../../../shared/core/time'
import type { Page as PageOf } from '../../../shared/core/view'
import type { MyRedemption } from '../../../shared/redemption/view'
import { BigButton } from '../components/button'
import { List, ListRow } from '../components/card'
import { Page } from '../components/page'
import { EmptyState, Loaded } from '../components/states'
import { Dotted, StatusLine } from '../components/words'
import { get } from '../core/call'
import { go } from '../core/go'
import { useParams } from '../core/params'
import { useNow } from '../core/use-now'
import { useQuery } from '../core/use-query'
import { dateWords } from '../core/words'
import { REDEMPTION_STATES } from './words'

/** What was redeemed: the codes still to be used first. */
export default function MyRedemptionsPage() {
  const today = dayOf(useNow(60))
  const { elderId } = useParams()
  const mine = useQuery(
    `redemptions.mine.${elderId ?? ''}`,
    () => get<PageOf<MyRedemption>>('/redemptions/mine', { limit: 100, elderId }),
    { keptAs: `redemptions.mine.${elderId ?? ''}` },
  )
  return (
    <Page title="我的兑换码" back="/ledger/points">
      <Loaded query={mine} failed="没能打开兑换码">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="还没有换过东西" note="看看积分能换什么">
              <BigButton icon="gift" onTap={() => go('/redemption/catalogue', { elderId })}>
                去看看
              </BigButton>
            </EmptyState>
          ) : (
            <List>
              {[...items.filter((one) => one.state === 'held'), ...items.filter((one) => one.state !== 'held')].map(
                (one) => (
                  <ListRow
                    key={one.id}
                    title={one.productName}
                    note={<Dotted words={[dateWords(dayOf(new Date(one.heldAt)), today), one.pointName]} />}
                    amount={`−${pointsText(one.priceMilliPoints)}`}
                    status={
                      <StatusLine kind={REDEMPTION_STATES[one.state].kind}>
                        {REDEMPTION_STATES[one.state].words}
                      </StatusLine>
                    }
                    onTap={() => go('/redemption/code', { id: one.id })}
                  />
                ),
              )}
            </List>
          )
        }
      </Loaded>
    </Page>
  )
}
