import { View } from '@tarojs/components'
import { useState } from 'react'
import { addSeconds } from '../../../shared/core/time'
import { explanationsFor } from '../../../shared/visit/appeal'
import type { VisitDetail } from '../../../shared/visit/view'
import { Button } from '../components/button'
import { Card, Section } from '../components/card'
import { Choices, Picker } from '../components/field'
import { FailureLine } from '../components/states'
import { StatusLine } from '../components/words'
import { post } from '../core/call'
import { go } from '../core/go'
import { useAction } from '../core/use-action'
import type { Query } from '../core/use-query'
import { clockText } from '../core/words'

const END_STEP_SECONDS = 600

/** What is odd about a visit: the helper says why in two taps, and where staff returned it, asks for another look. */
export function OddOnes({ visit, query }: { visit: VisitDetail; query: Query<VisitDetail> }) {
  const open = visit.exceptions.filter((one) => visit.mayExplain.includes(one.code))
  if (open.length === 0 && visit.whyNotAppeal !== null && visit.appeal === null) return null
  return (
    <Section title="哪里不对">
      {open.map((one) => (
        <OddOne key={one.code} visit={visit} code={one.code} sentence={one.sentence} query={query} />
      ))}
      {visit.appeal !== null && <Appealed appeal={visit.appeal} />}
      {visit.whyNotAppeal === null && (
        <Button kind="line" className="btn-wide" onTap={() => go('/visit/apart/appeal', { id: visit.id })}>
          我要申诉
        </Button>
      )}
    </Section>
  )
}

interface OddOneProps {
  visit: VisitDetail
  code: string
  sentence: string
  query: Query<VisitDetail>
}

function OddOne({ visit, code, sentence, query }: OddOneProps) {
  const [open, setOpen] = useState(false)
  const [endAt, setEndAt] = useState<string | null>(null)
  const said = visit.notes.filter((note) => note.code === code).at(-1)
  const say = useAction(async (id, reasonCode: string, claimed: string | null) => {
    await post(`/visits/${visit.id}/explanations`, {
      id,
      code,
      reasonCode,
      ...(claimed === null ? {} : { endAt: claimed }),
    })
    setOpen(false)
    await query.again()
  })
  return (
    <Card className="stack">
      <StatusLine kind="warn">{sentence}</StatusLine>
      {said !== undefined && (
        <View className="t2">
          您说过：{said.words}
          {said.claimedEndAt !== null && `，${clockText(new Date(said.claimedEndAt))} 结束`}
        </View>
      )}
      <FailureLine failure={say.failure} />
      {open ? (
        <>
          {code === 'E01' && <EndPicker visit={visit} value={endAt} onChange={setEndAt} />}
          <View className="h3">是怎么回事？点一下就好</View>
          <Choices
            label="是怎么回事"
            options={explanationsFor(code).map((one) => ({ value: one.code, words: one.words }))}
            value={null}
            onChange={(reason) => say.run(reason, endAt)}
          />
        </>
      ) : (
        <Button kind="quiet" className="btn-wide" busy={say.busy} onTap={() => setOpen(true)}>
          {said === undefined ? '说明一下' : '再说明一下'}
        </Button>
      )}
    </Card>
  )
}

/** When it really ended, in steps: between the beginning and when the clock closed it. */
function EndPicker({
  visit,
  value,
  onChange,
}: {
  visit: VisitDetail
  value: string | null
  onChange: (endAt: string) => void
}) {
  if (visit.checkOutAt === null) return null
  const began = new Date(visit.checkInAt)
  const last = new Date(visit.checkOutAt)
  const steps = Math.floor((last.getTime() - began.getTime()) / (END_STEP_SECONDS * 1000))
  const options = Array.from({ length: steps }, (_, index) => {
    const at = addSeconds(began, (index + 1) * END_STEP_SECONDS)
    return { value: at.toISOString(), words: clockText(at) }
  })
  return (
    <Picker name="endAt" label="实际几点结束" hint="记得就选" options={options} value={value} onChange={onChange} />
  )
}

const APPEAL_STATES = {
  waiting: { kind: 'wait', words: '申诉了，另一位审核员在看' },
  upheld: { kind: 'ok', words: '申诉成立' },
  rejected: { kind: 'bad', words: '申诉没有通过' },
} as const

function Appealed({ appeal }: { appeal: NonNullable<VisitDetail['appeal']> }) {
  const { kind, words } = APPEAL_STATES[appeal.state]
  return (
    <Card>
      <StatusLine kind={kind}>{words}</StatusLine>
      <View className="t2">您说：{appeal.reasonWords}</View>
      {appeal.decisionNote !== null && <View className="t2">社区说：{appeal.decisionNote}</View>}
    </Card>
  )
}
