import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import { APPEALS } from '../../../../shared/visit/appeal'
import type { VisitDetail } from '../../../../shared/visit/view'
import { servedWords } from '../../../../shared/visit/words'
import { BigButton } from '../../components/button'
import { Card, Fact, List } from '../../components/card'
import { CheckRow, errorOf, TextInput } from '../../components/field'
import { Page } from '../../components/page'
import { FailureLine, Loaded } from '../../components/states'
import { get, post } from '../../core/call'
import { goBack } from '../../core/go'
import { useAction } from '../../core/use-action'
import { useNow } from '../../core/use-now'
import { useQuery } from '../../core/use-query'
import { spanText } from '../../core/words'

const REASONS = Object.entries(APPEALS)

/** 申诉: why a returned visit should be looked at again, by somebody else than who returned it. */
export default function AppealPage() {
  const { id = '' } = useRouter().params
  const visit = useQuery(`visit.${id}`, () => get<VisitDetail>(`/visits/${id}`))
  const [reason, setReason] = useState<string | null>(null)
  const [note, setNote] = useState('')
  const now = useNow(60)
  const back = '/visit/mine'
  const send = useAction(
    async (key) => {
      await post(`/visits/${id}/appeals`, { id: key, reasonCode: reason, ...(note === '' ? {} : { note }) })
      await goBack(back)
    },
    { keptAs: `appeal.${id}` },
  )
  return (
    <Page
      title="申诉"
      back={back}
      foot={
        <View className="stack">
          <FailureLine failure={send.failure} />
          <BigButton busy={send.busy} whyNot={reason === null ? '先选一个理由' : null} onTap={() => send.run()}>
            交给社区
          </BigButton>
        </View>
      }
    >
      <Loaded query={visit} failed="没能打开这条记录">
        {(one) => (
          <>
            <Card>
              <Fact label="帮了谁">{servedWords(one)}</Fact>
              {one.checkOutAt !== null && (
                <Fact label="时间">{spanText(new Date(one.checkInAt), new Date(one.checkOutAt), now)}</Fact>
              )}
              {one.decision !== null && <Fact label="社区说">{one.decision.reasonWords}</Fact>}
            </Card>
            <View className="h2">您觉得哪里不对？</View>
            <List>
              {REASONS.map(([code, words]) => (
                <CheckRow
                  key={code}
                  role="radio"
                  words={words}
                  checked={reason === code}
                  onTap={() => setReason(code)}
                />
              ))}
            </List>
            <TextInput
              name="note"
              kind="long"
              label="还想说的"
              help="可以不写"
              value={note}
              maxLength={200}
              error={errorOf(send.failure, 'note')}
              onChange={setNote}
            />
          </>
        )}
      </Loaded>
    </Page>
  )
}
