import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import { pointsText } from '../../../shared/core/amounts'
import type { IconName } from '../../../shared/core/pictures'
import { DRAWINGS } from '../../../shared/core/pictures'
import type { CatalogueView, MyRedemption, OfferView } from '../../../shared/redemption/view'
import { BigButton, Button, reasonOf } from '../components/button'
import { Card, Fact } from '../components/card'
import { CheckRow } from '../components/field'
import { Drawing, Icon } from '../components/icon'
import { Page } from '../components/page'
import { Sheet } from '../components/sheet'
import { EmptyState, FailureLine, Loaded } from '../components/states'
import { PointsFigure } from '../components/words'
import { get, post } from '../core/call'
import { go, goInstead } from '../core/go'
import { useAction } from '../core/use-action'
import { useQuery } from '../core/use-query'

/** 兑换: what the points buy here; a tap chooses, a second one takes it. */
export default function CataloguePage() {
  const { elderId } = useRouter().params
  const catalogue = useQuery(`catalogue.${elderId ?? ''}`, () => get<CatalogueView>('/catalogue', { elderId }))
  const [chosen, setChosen] = useState<OfferView | null>(null)
  return (
    <Page title="兑换" back="/ledger/points">
      <Loaded query={catalogue} failed="没能打开兑换">
        {({ availableMilliPoints, offers }) =>
          offers.length === 0 ? (
            <EmptyState title="这里还没有能换的东西" note="有了会出现在这里" drawing="house">
              <BigButton onTap={() => go('/redemption/mine')}>看我的兑换码</BigButton>
            </EmptyState>
          ) : (
            <>
              <PointsFigure points={pointsText(availableMilliPoints)} />
              {offers.map((offer) => (
                <Offer key={offer.id} offer={offer} onTap={() => setChosen(offer)} />
              ))}
            </>
          )
        }
      </Loaded>
      {chosen !== null && (
        <Taking
          offer={chosen}
          elderId={elderId}
          beneficiaries={catalogue.data?.beneficiaries ?? null}
          onClose={() => setChosen(null)}
        />
      )}
    </Page>
  )
}

function Picture({ name }: { name: string }) {
  const drawing = DRAWINGS.find((one) => one === name)
  return drawing === undefined ? <Icon name={name as IconName} size={44} /> : <Drawing name={drawing} />
}

function Offer({ offer, onTap }: { offer: OfferView; onTap: () => void }) {
  return (
    <Card className="stack">
      <View className="row">
        <View className="picture">
          <Picture name={offer.icon} />
        </View>
        <View className="grow">
          <View className="h3">{offer.name}</View>
          <View className="t2">{offer.description}</View>
          {offer.whoSaid !== '' && <View className="t2">给：{offer.whoSaid}</View>}
          <View className="strong num">{pointsText(offer.priceMilliPoints)} 分</View>
        </View>
      </View>
      {offer.whyNot === null ? (
        <Button className="btn-wide" label={`换${offer.name}，${pointsText(offer.priceMilliPoints)} 分`} onTap={onTap}>
          换{offer.name}
        </Button>
      ) : (
        <View className="t2">{offer.whyNotSentence ?? reasonOf(offer.whyNot)}</View>
      )}
    </Card>
  )
}

/** Where it is fetched, and the points are kept for it. */
function Taking({
  offer,
  elderId,
  beneficiaries,
  onClose,
}: {
  offer: OfferView
  elderId: string | undefined
  beneficiaries: CatalogueView['beneficiaries']
  onClose: () => void
}) {
  const [whom, setWhom] = useState(beneficiaries?.[0] ?? null)
  const points = offer.stocks.filter((one) => one.left > 0)
  const [pointId, setPointId] = useState(points[0]?.pointId ?? '')
  const [quantity, setQuantity] = useState(1)
  const chosen = points.find((one) => one.pointId === pointId)
  const most = Math.min(offer.mostAtOnce, chosen?.left ?? 1)
  const take = useAction(
    async (id, at: string, pieces: number) => {
      const made = await post<MyRedemption>('/redemptions', {
        id,
        productId: offer.id,
        pointId: at,
        quantity: pieces,
        ...(elderId === undefined ? {} : { elderId }),
        ...(whom === null || whom.kinId === null ? {} : { kinId: whom.kinId }),
      })
      await goInstead('/redemption/code', { id: made.id })
    },
    { keptAs: `take.${offer.id}` },
  )
  return (
    <Sheet title={offer.name} onClose={onClose}>
      <View className="stack">
        {points.length > 1 &&
          points.map((one) => (
            <CheckRow
              key={one.pointId}
              role="radio"
              words={`${one.pointName}　还有 ${one.left}`}
              checked={one.pointId === pointId}
              onTap={() => setPointId(one.pointId)}
            />
          ))}
        {beneficiaries !== null && beneficiaries.length > 1 && (
          <>
            <View className="h3">给谁换</View>
            {beneficiaries.map((one) => (
              <CheckRow
                key={one.kinId ?? 'self'}
                role="radio"
                words={one.words}
                checked={one.kinId === whom?.kinId}
                onTap={() => setWhom(one)}
              />
            ))}
          </>
        )}
        {beneficiaries?.length === 0 && (
          <Button kind="line" className="btn-wide" onTap={() => go('/ledger/apart/kin')}>
            只能给家人换，先登记家人
          </Button>
        )}
        {chosen !== undefined && (
          <>
            <Fact label="在哪领">{chosen.pointName}</Fact>
            <Fact label="地址">{chosen.address}</Fact>
            <Fact label="时间">{chosen.openingHours}</Fact>
          </>
        )}
        {offer.mostAtOnce > 1 && (
          <View className="two">
            <Button kind="card" onTap={() => setQuantity(Math.max(1, quantity - 1))}>
              少一份
            </Button>
            <Button kind="card" onTap={() => setQuantity(Math.min(most, quantity + 1))}>
              多一份
            </Button>
          </View>
        )}
        {offer.mostAtOnce > 1 && (
          <Fact label="几份" strong>
            {quantity}
          </Fact>
        )}
        <Fact label="花" strong>
          {pointsText(BigInt(offer.priceMilliPoints) * BigInt(quantity))} 分
        </Fact>
        <FailureLine failure={take.failure} />
        <BigButton
          icon="gift"
          busy={take.busy}
          whyNot={chosen === undefined ? 'OUT_OF_STOCK' : beneficiaries?.length === 0 ? 'RELATION' : null}
          onTap={() => take.run(pointId, quantity)}
        >
          就换这个
        </BigButton>
      </View>
    </Sheet>
  )
}
