import { View } from '@tarojs/components'
import { useEffect, useState } from 'react'
import { pointsText } from '../../../shared/core/amounts'
import { dayOf } from '../../../shared/core/time'
import type { MealView } from '../../../shared/redemption/view'
import { MEAL_WORDS } from '../../../shared/redemption/words'
import { BigButton, Button } from '../components/button'
import { Card, List, ListRow, Section } from '../components/card'
import { Choices, TextInput } from '../components/field'
import { Page } from '../components/page'
import { EmptyState, Loaded } from '../components/states'
import { StatusLine } from '../components/words'
import { get } from '../core/call'
import { scanCode } from '../core/scan-code'
import { useNow } from '../core/use-now'
import { useQuery } from '../core/use-query'
import { clockText } from '../core/words'
import { enqueue, type Item, isConflict, isWaiting, useItems } from '../queue/queue'
import { WaitingBanner } from '../queue/waiting-banner'
import { ForStaff } from '../session/for-staff'
import { beep } from './beep'
import { pointOf } from './own-point'

/** 今天的饭: one card after the other; each is on the phone before the next is shown, with or without a network. */
export default function MealsPage() {
  return (
    <ForStaff title="今天的饭" may={(me) => pointOf(me) !== null}>
      {() => <Meals />}
    </ForStaff>
  )
}

function Meals() {
  const meals = useQuery('meals', () => get<MealView[]>('/meals'), { keptAs: 'meals' })
  const [chosen, setChosen] = useState<string | null>(null)
  return (
    <Page title="今天的饭" back="/redemption/fulfil">
      <WaitingBanner />
      <Loaded query={meals} failed="没能打开今天的饭">
        {(list) => {
          const meal = list.find((one) => one.productId === chosen) ?? list[0]
          return meal === undefined ? (
            <EmptyState title="这里还没有刷卡的饭" note="请区县在兑换商品里加上" drawing="meal" />
          ) : (
            <>
              {list.length > 1 && (
                <Choices
                  label="哪一顿"
                  options={list.map((one) => ({
                    value: one.productId,
                    words: `${MEAL_WORDS[one.mealTime]} ${one.name}`,
                  }))}
                  value={meal.productId}
                  onChange={setChosen}
                />
              )}
              <Line meal={meal} again={meals.again} />
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}

/** The queue of one meal: the camera opens again after each card, until it is put away. */
function Line({ meal, again }: { meal: MealView; again: () => Promise<void> }) {
  const [typed, setTyped] = useState('')
  const now = useNow(60)
  const mine = useItems().filter(
    ({ event }) =>
      event.kind === 'meal' && event.body.productId === meal.productId && dayOf(new Date(event.wallAt)) === dayOf(now),
  )
  const settled = mine.filter((item) => !isWaiting(item)).length
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when something was answered, not when the function is another
  useEffect(() => {
    if (settled > 0) void again()
  }, [settled])
  const serve = async (card: string) => {
    await enqueue(
      'meal',
      { pointId: meal.pointId, productId: meal.productId, card },
      `${meal.name} 第 ${mine.length + 1} 张`,
    )
    beep()
  }
  const scanAll = async () => {
    let before = ''
    for (let card = await scanCode(); card !== null; card = await scanCode()) {
      // the card still lies in front of the camera
      if (card !== before) await serve(card)
      before = card
    }
  }
  const serveTyped = async () => {
    const card = typed.trim()
    setTyped('')
    if (card !== '') await serve(card)
  }
  const waiting = mine.filter(isWaiting).length
  return (
    <>
      <View className="stack">
        <View className="row between">
          <View className="h1">
            {MEAL_WORDS[meal.mealTime]} {meal.name}
          </View>
          <View className="t2">
            {meal.priceMilliPoints === '0' ? '不花分' : `${pointsText(meal.priceMilliPoints)} 分一份`}
          </View>
        </View>
        <View className="t2">{`今天 ${meal.servedToday + waiting} 份，还有 ${Math.max(0, meal.left - waiting)} 份`}</View>
        <BigButton icon="scan" onTap={scanAll}>
          一张一张扫卡
        </BigButton>
        <Card className="stack">
          <TextInput
            name="card"
            label="扫码枪或手填卡号"
            value={typed}
            onChange={setTyped}
            onDone={serveTyped}
            maxLength={300}
          />
          <Button kind="line" className="btn-wide" onTap={serveTyped}>
            记一份
          </Button>
        </Card>
      </View>
      {mine.length > 0 && (
        <Section title="刚才刷的" note={`${mine.length} 张`}>
          <List>
            {mine.slice(0, 50).map((item) => (
              <Served key={item.event.id} item={item} />
            ))}
          </List>
        </Section>
      )}
    </>
  )
}

function Served({ item }: { item: Item }) {
  const { event, title, answer } = item
  return (
    <ListRow
      title={title}
      note={[clockText(new Date(event.wallAt)), isConflict(item) ? answer?.sentence : undefined]
        .filter(Boolean)
        .join('，')}
      status={
        isWaiting(item) ? (
          <StatusLine kind="wait">等待上传</StatusLine>
        ) : isConflict(item) ? (
          <StatusLine kind="bad">没有算</StatusLine>
        ) : (
          <StatusLine kind="ok">记下了</StatusLine>
        )
      }
    />
  )
}
