import { Button, Input } from 'antd'
import { useRef, useState } from 'react'
import type { LookUpView, RedemptionView } from '../../../shared/redemption/view'
import { Icon } from '../components/icon'
import { Fact, Facts, Section } from '../components/page'
import { Refused } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { fullTime, points } from '../core/format'
import { newId } from '../core/new-id'
import { useMe } from '../core/session'
import { useAction } from '../core/use-action'

/** Eight digits read out or scanned by a hand scanner → what it is for → handed over. */
export function Fulfil({ onDone }: { onDone: () => void }) {
  const me = useMe()
  const pointId = me.roles.find(({ redemptionPointId }) => redemptionPointId !== null)?.redemptionPointId ?? null
  const [code, setCode] = useState('')
  const [found, setFound] = useState<LookUpView | null>(null)
  const [given, setGiven] = useState<RedemptionView | null>(null)
  const input = useRef<HTMLInputElement | null>(null)
  const key = useRef(newId())
  const look = useAction(
    () => post<LookUpView>('/redemptions/look-ups', { code: code.replace(/\s/g, '') }),
    (answer) => {
      setFound(answer)
      setGiven(null)
    },
  )
  const hand = useAction(
    (id: string) => post<RedemptionView>(`/redemptions/${id}/fulfilment`, { id: key.current, pointId }),
    (answer) => {
      key.current = newId()
      setGiven(answer)
      setFound(null)
      setCode('')
      onDone()
      input.current?.focus()
    },
  )

  return (
    <Section title="领取" note="输入 8 位数字，或用扫码枪扫">
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault()
          look.run()
        }}
      >
        <label htmlFor="fulfil-code" className="strong">
          兑换码
        </label>
        <Input
          id="fulfil-code"
          ref={(element) => {
            input.current = element?.input ?? null
          }}
          style={{ width: 260, fontSize: 20 }}
          autoComplete="off"
          maxLength={300}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
        <Button type="primary" htmlType="submit" loading={look.busy} disabled={code.trim() === ''}>
          查
        </Button>
      </form>
      <div aria-live="polite" style={{ marginTop: 12 }} className="stack">
        <Refused failure={look.failure ?? hand.failure} />
        {given && (
          <p className="note ok row">
            <Icon name="check-circle" size={18} />
            {given.productName} 交给 {given.personMaskedName} 了，{fullTime(given.resolvedAt)}
          </p>
        )}
        {found && (
          <>
            <Facts>
              <Fact label="换什么">
                <b>{found.redemption.productName}</b>
              </Fact>
              <Fact label="谁换的">{found.redemption.personMaskedName}</Fact>
              <Fact label="积分">{`${points(found.redemption.priceMilliPoints)} 分`}</Fact>
              <Fact label="到哪里领">{found.redemption.pointName}</Fact>
              <Fact label="保留到">{fullTime(found.redemption.expiresAt)}</Fact>
            </Facts>
            {found.whyNotSentence ? (
              <Status tone="bad">{found.whyNotSentence}</Status>
            ) : (
              <Button
                type="primary"
                size="large"
                loading={hand.busy}
                onClick={() => hand.run(found.redemption.id)}
                style={{ alignSelf: 'flex-start' }}
              >
                交给本人，核销
              </Button>
            )}
          </>
        )}
      </div>
    </Section>
  )
}
