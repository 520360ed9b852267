import { View } from '@tarojs/components'
import { pointsText } from '../../../shared/core/amounts'
import type { EntryView, ExplanationView } from '../../../shared/ledger/view'
import { Button } from '../components/button'
import { Fact } from '../components/card'
import { Sheet } from '../components/sheet'
import { Loaded } from '../components/states'
import { get } from '../core/call'
import { go } from '../core/go'
import { useQuery } from '../core/use-query'

/** 为什么是这个数: rule, what went in, formula, what was cut and why; and what the entry is about. */
export function Why({ entry, onClose }: { entry: EntryView; onClose: () => void }) {
  const why = useQuery(`why.${entry.transactionId}`, () =>
    get<ExplanationView>(`/transactions/${entry.transactionId}/explanation`),
  )
  return (
    <Sheet title={entry.title} onClose={onClose}>
      <Loaded query={why} failed="没能打开说明">
        {(one) => (
          <View className="stack">
            <Reasons one={one} />
            <Scheme one={one} />
            <About entry={entry} />
          </View>
        )}
      </Loaded>
    </Sheet>
  )
}

function Reasons({ one }: { one: ExplanationView }) {
  return (
    <View>
      {one.sentence !== null && <View className="strong">{one.sentence}</View>}
      {one.formula !== null && <View className="h3">{one.formula}</View>}
      {one.cuts.map(({ sentence, milliPoints }) => (
        <View key={sentence}>
          {sentence}，少记 {pointsText(milliPoints)} 分
        </View>
      ))}
      {one.reason !== null && <View>{one.reason}</View>}
      {one.earlier !== null && (
        <View className="t2">
          退回的是：{one.earlier.kindWord}
          {one.earlier.formula === null ? '' : `，${one.earlier.formula}`}
        </View>
      )}
    </View>
  )
}

function Scheme({ one }: { one: ExplanationView }) {
  return (
    <View>
      {one.inputs.map(({ label, value }) => (
        <Fact key={label} label={label}>
          {value}
        </Fact>
      ))}
      {one.ruleWords !== null && <Fact label="哪一条">{one.ruleWords}</Fact>}
      {one.schemeTitle !== null && (
        <Fact label="哪份规则">
          {one.schemeTitle}，第 {one.schemeVersion} 版
        </Fact>
      )}
    </View>
  )
}

function About({ entry }: { entry: EntryView }) {
  if (['visit', 'festival', 'organiser'].includes(entry.refType))
    return (
      <Button kind="line" className="btn-wide" onTap={() => go('/visit/detail', { id: entry.refId })}>
        看这次帮忙
      </Button>
    )
  if (entry.refType === 'redemption')
    return (
      <Button kind="line" className="btn-wide" onTap={() => go('/redemption/code', { id: entry.refId })}>
        看这次兑换
      </Button>
    )
  return null
}
