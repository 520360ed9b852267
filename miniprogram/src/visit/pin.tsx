import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import type { PinElders } from '../../../shared/elder/view'
import type { VisitDetail } from '../../../shared/visit/view'
import { BigButton, Button } from '../components/button'
import { Mark } from '../components/card'
import { CodeEntry } from '../components/code-entry'
import { Choices, DigitsInput, errorOf } from '../components/field'
import { Page } from '../components/page'
import { EmptyState, FailureLine, Loaded } from '../components/states'
import { StatusLine } from '../components/words'
import { get, post } from '../core/call'
import { goFresh, goInstead } from '../core/go'
import { scanCode } from '../core/scan-code'
import { useAction } from '../core/use-action'
import { useQuery } from '../core/use-query'

type ElderOf = PinElders['elders'][number]
const HOME = '/order/today'

/** 老人确认: the elder shows the card and types four digits on the helper's phone. */
export default function PinPage() {
  const { id = '' } = useRouter().params
  const elders = useQuery(`pin.${id}`, () => get<PinElders>(`/visits/${id}/pin`))
  const [done, setDone] = useState(false)
  const toSummary = () => goInstead('/visit/summary', { id })
  if (done)
    return (
      <Page title="老人确认" back={HOME} foot={<BigButton onTap={() => goFresh(HOME)}>好，知道了</BigButton>}>
        <View className="push" />
        <Mark icon="check-circle" title="老人确认了" note="谢谢您，也谢谢老人" />
        <View className="push" />
      </Page>
    )
  return (
    <Page title="老人确认" back={HOME}>
      <Loaded query={elders} failed="没能打开老人确认">
        {({ elders: all }) => {
          const ready = all.filter(({ state }) => state === 'ready')
          if (ready.length > 0) return <Asking visitId={id} elders={ready} onDone={() => setDone(true)} />
          const isLocked = all.some(({ state }) => state === 'locked')
          return (
            <EmptyState
              title={isLocked ? '密码锁上了' : '老人还没有设密码'}
              note={isLocked ? '输错太多次，请社区重设' : '社区会打电话问老人'}
            >
              <BigButton onTap={toSummary}>好的</BigButton>
            </EmptyState>
          )
        }}
      </Loaded>
    </Page>
  )
}

function Asking({ visitId, elders, onDone }: { visitId: string; elders: ElderOf[]; onDone: () => void }) {
  const [elderId, setElderId] = useState(elders[0]?.id ?? '')
  const [code, setCode] = useState<string | null>(null)
  const [pin, setPin] = useState('')
  const confirm = useAction(async (id, shown: string, digits: string) => {
    await post<VisitDetail>(`/visits/${visitId}/pin-confirmation`, { id, elderId, code: shown, pin: digits }).catch(
      (error: unknown) => {
        setPin('')
        throw error
      },
    )
    onDone()
  })
  const scan = async () => {
    const read = await scanCode()
    if (read !== null) setCode(read)
  }
  const name = elders.find((one) => one.id === elderId)?.name ?? ''
  const who =
    elders.length > 1 ? (
      <Choices
        label="哪一位老人"
        options={elders.map((one) => ({ value: one.id, words: one.name }))}
        value={elderId}
        onChange={(next) => {
          setElderId(next)
          setCode(null)
        }}
      />
    ) : null
  if (code === null)
    return (
      <View className="stack">
        {who}
        <View className="h1">请{name}拿出随身卡</View>
        <BigButton icon="scan" onTap={scan}>
          扫老人的卡
        </BigButton>
        <CodeEntry onCode={setCode} />
      </View>
    )
  return (
    <View className="stack">
      <StatusLine kind="ok">卡扫到了</StatusLine>
      <View className="h1">请{name}自己输密码</View>
      <View className="t2">把手机递给老人，您转过身去</View>
      <DigitsInput
        name="pin"
        label="4 位密码"
        secret
        length={4}
        value={pin}
        error={errorOf(confirm.failure, 'pin')}
        onChange={(next) => {
          confirm.clear()
          setPin(next)
        }}
      />
      <FailureLine failure={confirm.failure} />
      <BigButton
        icon="check"
        busy={confirm.busy}
        whyNot={pin.length < 4 ? '先输 4 位密码' : null}
        onTap={() => confirm.run(code, pin)}
      >
        是，来过了
      </BigButton>
      <Button kind="text" onTap={() => setCode(null)}>
        换一张卡
      </Button>
    </View>
  )
}
