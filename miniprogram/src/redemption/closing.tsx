import { pointsText, yuanText } from '../../../shared/core/amounts'
import { dayOf } from '../../../shared/core/time'
import type { ClosingsView, SettlementView } from '../../../shared/redemption/view'
import { BigButton } from '../components/button'
import { Card, Fact, List, ListRow, Section } from '../components/card'
import { Page } from '../components/page'
import { FailureLine, Loaded } from '../components/states'
import { StatusLine } from '../components/words'
import { get, post } from '../core/call'
import { useAction } from '../core/use-action'
import { useNow } from '../core/use-now'
import { useQuery } from '../core/use-query'
import { clockText, dayWords } from '../core/words'
import { isWaiting, useItems } from '../queue/queue'
import { WaitingBanner } from '../queue/waiting-banner'
import { ForStaff } from '../session/for-staff'
import { pointOf } from './own-point'

/** 日结: what was handed over today, counted and kept; and whether last month was paid. */
export default function ClosingPage() {
  return (
    <ForStaff title="日结" may={(me) => pointOf(me) !== null}>
      {(me) => <Closing pointId={pointOf(me) ?? ''} />}
    </ForStaff>
  )
}

function Closing({ pointId }: { pointId: string }) {
  const now = useNow(60)
  const today = dayOf(now)
  const days = useQuery(`closings.${pointId}`, () => get<ClosingsView>('/point-closings', { pointId }))
  const month = useQuery('settlements', () => get<SettlementView[]>('/settlements'))
  const waiting = useItems().filter(isWaiting).length
  const close = useAction(
    async (id, day: string) => {
      await post(`/redemption-points/${pointId}/closings`, { id, day })
      await days.again()
    },
    { keptAs: `close.${pointId}` },
  )
  return (
    <Page title="日结" back="/redemption/fulfil">
      <WaitingBanner />
      <Loaded query={days} failed="没能打开日结">
        {(view) => (
          <>
            <Card>
              <Fact label="今天" strong>
                {view.pieces} 份
              </Fact>
              <Fact label="积分">{pointsText(view.milliPoints)} 分</Fact>
              <Fact label="金额" strong>
                {yuanText(BigInt(view.costFen))} 元
              </Fact>
              {view.reversedPieces > 0 && <Fact label="冲正">{view.reversedPieces} 份</Fact>}
            </Card>
            <FailureLine failure={close.failure} />
            <BigButton icon="check" busy={close.busy} onTap={() => close.run(view.day)}>
              {waiting > 0 ? `先不管 ${waiting} 条，日结` : '今天结好了'}
            </BigButton>
            {view.closings.length > 0 && (
              <Section title="结过的日子">
                <List>
                  {view.closings.map((one) => (
                    <ListRow
                      key={one.id}
                      title={dayWords(one.day, today)}
                      note={`${one.pieces} 份，${one.byName} ${clockText(new Date(one.at))}${one.revision > 1 ? `，第 ${one.revision} 次` : ''}`}
                      amount={`${yuanText(BigInt(one.costFen))} 元`}
                    />
                  ))}
                </List>
              </Section>
            )}
          </>
        )}
      </Loaded>
      {month.data?.map((one) => (
        <Section key={one.pointId} title={`${Number(one.month.slice(5))} 月结算`}>
          <Card>
            <Fact label="份数">{one.pieces} 份</Fact>
            <Fact label="金额" strong>
              {yuanText(BigInt(one.costFen))} 元
            </Fact>
            {one.paidAt !== null ? (
              <StatusLine kind="ok">付过了，凭证 {one.paymentNo}</StatusLine>
            ) : (
              <StatusLine kind="wait">{one.id === null ? '区县还没开单' : '开了单，等付款'}</StatusLine>
            )}
          </Card>
        </Section>
      ))}
    </Page>
  )
}
