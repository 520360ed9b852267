import { View } from '@tarojs/components'
import { useState } from 'react'
import { COMPLAINT_KINDS, COMPLAINT_WORDS, type ComplaintKind } from '../../../shared/complaint/words'
import { BigButton } from '../components/button'
import { List, Mark } from '../components/card'
import { CheckRow } from '../components/field'
import { Page } from '../components/page'
import { FailureLine } from '../components/states'
import { post } from '../core/call'
import { goBack } from '../core/go'
import { useParams } from '../core/params'
import { useAction } from '../core/use-action'
import { RemindMe } from '../message/remind-me'

const CAME = '/visit/came'

/** 反映问题: what was not as it should be; the community then asks both sides. */
export default function OpenComplaintPage() {
  const { visitId } = useParams()
  const [kind, setKind] = useState<ComplaintKind | null>(null)
  const [done, setDone] = useState(false)
  const open = useAction(async (id, what: ComplaintKind) => {
    await post('/complaints', { id, visitId, kind: what })
    setDone(true)
  })
  if (done)
    return (
      <Page title="反映问题" back={CAME} foot={<BigButton onTap={() => goBack(CAME)}>好的</BigButton>}>
        <View className="stack">
          <Mark icon="check-circle" tone="ok" title="记下了" note="社区会来问清楚" />
          <RemindMe about="help" words="有结果了，微信告诉我" />
        </View>
      </Page>
    )
  return (
    <Page
      title="反映问题"
      back={CAME}
      foot={
        <BigButton
          busy={open.busy}
          whyNot={kind === null || visitId === undefined ? '先选一样' : null}
          onTap={() => kind !== null && open.run(kind)}
        >
          告诉社区
        </BigButton>
      }
    >
      <View className="stack">
        <View className="h1">哪里不对？</View>
        <List>
          {COMPLAINT_KINDS.map((one) => (
            <CheckRow
              key={one}
              role="radio"
              words={COMPLAINT_WORDS[one]}
              checked={one === kind}
              onTap={() => setKind(one)}
            />
          ))}
        </List>
        <FailureLine failure={open.failure} />
      </View>
    </Page>
  )
}
