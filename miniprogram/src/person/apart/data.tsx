import { View } from '@tarojs/components'
import { useState } from 'react'
import { dayOf } from '../../../../shared/core/time'
import type { ConsentsView, DataRequestView, LooksView } from '../../../../shared/person/view'
import { DATA_REQUEST_WORDS, DATA_STATE_WORDS } from '../../../../shared/person/words'
import { Button } from '../../components/button'
import { Card, List, ListRow, Section } from '../../components/card'
import { errorOf, TextInput } from '../../components/field'
import { Page } from '../../components/page'
import { FailureLine, Loaded } from '../../components/states'
import { Heading, StatusLine } from '../../components/words'
import { get, post } from '../../core/call'
import { keepsFiles, openFile } from '../../core/open-file'
import { useAction } from '../../core/use-action'
import { useNow } from '../../core/use-now'
import { useQuery } from '../../core/use-query'
import { clockText, dayWords } from '../../core/words'

/** 我的个人信息: what I agreed to, who looked, a copy, and asking to have it put right or erased. */
export default function DataPage() {
  return (
    <Page title="我的个人信息" back="/person/me">
      <Consents />
      <Looks />
      <Requests />
    </Page>
  )
}

function Consents() {
  const consents = useQuery('my-consents', () => get<ConsentsView>('/me/consents'))
  return (
    <Section title="我同意了什么">
      <Loaded query={consents} failed="没能打开同意书">
        {(all) => (
          <View className="stack">
            {all
              .filter((one) => one.concerns)
              .map((one) => (
                <Consent key={one.kind} consent={one} again={consents.again} />
              ))}
          </View>
        )}
      </Loaded>
    </Section>
  )
}

function Consent({ consent, again }: { consent: ConsentsView[number]; again: () => Promise<void> }) {
  const { kind, title, text, version, state } = consent
  const give = useAction(async () => {
    await post('/me/consents', { kind, textVersion: version })
    await again()
  })
  return (
    <Card className="stack">
      <View>
        <Heading>{title}</Heading>
        <View className="t2">{text}</View>
      </View>
      <StatusLine kind={state === 'given' ? 'ok' : 'none'}>
        {state === 'given' ? '同意了' : state === 'withdrawn' ? '不同意了' : '没登记'}
      </StatusLine>
      <FailureLine failure={give.failure} />
      {state === 'given' ? (
        <Withdraw consent={consent} again={again} />
      ) : (
        <Button kind="line" className="btn-wide" label={`同意${title}`} busy={give.busy} onTap={() => give.run()}>
          同意
        </Button>
      )}
    </Card>
  )
}

/** Two taps, and between them what happens then. */
function Withdraw({ consent, again }: { consent: ConsentsView[number]; again: () => Promise<void> }) {
  const { kind, title, withdrawnText } = consent
  const [sure, setSure] = useState(false)
  const withdraw = useAction(async () => {
    await post('/me/consents/withdrawal', { kind })
    await again()
  })
  if (!sure)
    return (
      <Button kind="quiet" className="btn-wide" label={`不同意了：${title}`} onTap={() => setSure(true)}>
        不同意了
      </Button>
    )
  return (
    <>
      <View className="t2">{withdrawnText}</View>
      <FailureLine failure={withdraw.failure} />
      <View className="two">
        <Button kind="quiet" busy={withdraw.busy} onTap={() => withdraw.run()}>
          不同意了
        </Button>
        <Button kind="quiet" onTap={() => setSure(false)}>
          还同意
        </Button>
      </View>
    </>
  )
}

function Looks() {
  const looks = useQuery('my-looks', () => get<LooksView>('/me/looks'))
  const now = useNow(60)
  return (
    <Section title="谁看过我的信息">
      <Loaded query={looks} failed="没能打开查看记录">
        {(all) =>
          all.length === 0 ? (
            <View className="t2">还没有人看过</View>
          ) : (
            <List>
              {all.map(({ at, roleWord, what, purpose }) => (
                <ListRow
                  key={at + what}
                  title={`${roleWord}${what}`}
                  note={`${dayWords(dayOf(new Date(at)), dayOf(now))} ${clockText(new Date(at))}${purpose === null ? '' : `，${purpose}`}`}
                />
              ))}
            </List>
          )
        }
      </Loaded>
    </Section>
  )
}

type Asked = 'correct' | 'erase' | 'withhold' | 'release'
const QUESTIONS: Record<Asked, string> = {
  correct: '哪里错了，应该是什么',
  erase: '为什么要注销',
  withhold: '有什么要说明的',
  release: '有什么要说明的',
}

/** The last word about what relatives get one day; the newest come first. */
const isWithheld = (all: readonly DataRequestView[]) =>
  all.find(({ kind, state }) => (kind === 'withhold' || kind === 'release') && state !== 'refused')?.kind === 'withhold'

function Requests() {
  const requests = useQuery('my-data-requests', () => get<DataRequestView[]>('/me/data-requests'))
  const [asking, setAsking] = useState<Asked | null>(null)
  const [text, setText] = useState('')
  const ask = useAction(async (id) => {
    await post('/me/data-requests', { id, kind: asking, text })
    setAsking(null)
    setText('')
    await requests.again()
  })
  const copy = useAction(() => openFile('/me/copy', '我的个人信息.json'))
  return (
    <Section title="改、拿、删">
      <Loaded query={requests} failed="没能打开我的申请">
        {(all) => (
          <View className="stack">
            {all.length > 0 && (
              <List>
                {all.map(({ id, kind, text: said, state, answer }) => (
                  <ListRow
                    key={id}
                    title={DATA_REQUEST_WORDS[kind]}
                    note={answer === null ? said : `${said}。答复：${answer}`}
                    status={
                      <StatusLine kind={state === 'open' ? 'wait' : state === 'done' ? 'ok' : 'none'}>
                        {DATA_STATE_WORDS[state]}
                      </StatusLine>
                    }
                  />
                ))}
              </List>
            )}
            {asking === null ? (
              <>
                <Button kind="line" className="btn-wide" onTap={() => setAsking('correct')}>
                  写错了，要改
                </Button>
                {keepsFiles && (
                  <Button kind="line" className="btn-wide" busy={copy.busy} onTap={() => copy.run()}>
                    拿一份我的信息
                  </Button>
                )}
                <FailureLine failure={copy.failure} />
                <Button kind="quiet" className="btn-wide" onTap={() => setAsking('erase')}>
                  不登记了，要注销
                </Button>
                <Button
                  kind="quiet"
                  className="btn-wide"
                  onTap={() => setAsking(isWithheld(all) ? 'release' : 'withhold')}
                >
                  {isWithheld(all) ? '以后可以给家里人' : '以后不给家里人'}
                </Button>
              </>
            ) : (
              <>
                {asking === 'erase' && (
                  <View className="t2">
                    社区办好后，您的姓名、电话、住处都删掉，谁也恢复不了。积分请先用掉或送给亲人。
                  </View>
                )}
                {asking === 'withhold' && (
                  <View className="t2">
                    您不在了以后，家里人可以来要您的信息。选了“不给”，社区就不给、不改、不删。随时可以改回来。
                  </View>
                )}
                <TextInput
                  name="text"
                  kind="long"
                  label={QUESTIONS[asking]}
                  maxLength={300}
                  value={text}
                  onChange={setText}
                  error={errorOf(ask.failure, 'text')}
                />
                <FailureLine failure={ask.failure} />
                <View className="two">
                  <Button kind="line" busy={ask.busy} onTap={() => ask.run()}>
                    交给社区
                  </Button>
                  <Button kind="quiet" onTap={() => setAsking(null)}>
                    先不
                  </Button>
                </View>
              </>
            )}
          </View>
        )}
      </Loaded>
    </Section>
  )
}
