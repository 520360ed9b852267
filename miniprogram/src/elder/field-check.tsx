import { View } from '@tarojs/components'
import { useState } from 'react'
import type { FieldCheckView } from '../../../shared/visit/view'
import { FIELD_CHECK_WORDS } from '../../../shared/visit/words'
import { BigButton, Button } from '../components/button'
import { Mark, Section } from '../components/card'
import { TextInput } from '../components/field'
import { FailureLine } from '../components/states'
import { post } from '../core/call'
import { goFresh } from '../core/go'
import { findPlace } from '../core/location'
import { useAction } from '../core/use-action'
import { KeptNote } from '../queue/kept-note'
import { doOrKeep } from '../queue/queue'
import { WaitingBanner } from '../queue/waiting-banner'

type Result = FieldCheckView['result']

/** 到户核查: all is well is one tap; what isn't takes a word. Works without a network. */
export function FieldCheck({ code, title }: { code: string; title: string }) {
  const [note, setNote] = useState('')
  const [isTrouble, setIsTrouble] = useState(false)
  const [done, setDone] = useState<{ result: Result; isKept: boolean } | null>(null)
  const check = useAction(
    async (id, result: Result, words: string) => {
      const place = await findPlace()
      const asked = { code, result, ...(words === '' ? {} : { note: words }) }
      const written = { ...asked, ...(place === null ? {} : { place: JSON.stringify(place) }) }
      const wish = { id, kind: 'fieldCheck' as const, body: written, title: `${title} · ${FIELD_CHECK_WORDS[result]}` }
      const answer = await doOrKeep(wish, () =>
        post('/field-checks', { id, ...asked, ...(place === null ? {} : { place }) }),
      )
      setDone({ result, isKept: answer === null })
    },
    { keptAs: `check.${code.slice(-31)}` },
  )
  if (done !== null)
    return (
      <View className="stack">
        {done.isKept ? (
          <KeptNote title={`记下了：${FIELD_CHECK_WORDS[done.result]}`} />
        ) : (
          <Mark icon="check-circle" title={`记下了：${FIELD_CHECK_WORDS[done.result]}`} />
        )}
        <BigButton onTap={() => goFresh('/report/field')}>好，下一家</BigButton>
      </View>
    )
  return (
    <Section title="看看老人好不好">
      <View className="stack">
        <WaitingBanner />
        <BigButton icon="check" busy={check.busy} onTap={() => check.run('well', '')}>
          都好
        </BigButton>
        <Button kind="line" className="btn-wide" busy={check.busy} onTap={() => check.run('away', '')}>
          没人在家
        </Button>
        {isTrouble ? (
          <>
            <TextInput name="note" label="什么情况" value={note} onChange={setNote} maxLength={200} />
            <Button
              kind="danger"
              className="btn-wide"
              busy={check.busy}
              onTap={() => check.run('trouble', note.trim())}
            >
              记下这个情况
            </Button>
          </>
        ) : (
          <Button kind="line" className="btn-wide" onTap={() => setIsTrouble(true)}>
            有情况
          </Button>
        )}
        <FailureLine failure={check.failure} />
      </View>
    </Section>
  )
}
