import { View } from '@tarojs/components'
import { useState } from 'react'
import type { SiteConfirmed, siteVisitsView, VisitView } from '../../../../shared/visit/view'
import { visitStateWords } from '../../../../shared/visit/words'
import { BigButton, Button } from '../../components/button'
import { Card, List, ListRow, Mark, Section } from '../../components/card'
import { CheckRow } from '../../components/field'
import { Page } from '../../components/page'
import { EmptyState, FailureLine, Loaded } from '../../components/states'
import { get, post } from '../../core/call'
import { goFresh } from '../../core/go'
import { useAction } from '../../core/use-action'
import { useNow } from '../../core/use-now'
import { useQuery } from '../../core/use-query'
import { lengthWords, spanText } from '../../core/words'
import { ForStaff } from '../../session/for-staff'
import { keepsRegisters } from '../../session/powers'

const HOME = '/report/field'
type SiteVisits = ReturnType<typeof siteVisitsView.parse>

/** 现场确认: who helped at a mutual-aid point or an activity; staff of the place say who was there. */
export default function SitesPage() {
  return (
    <ForStaff title="现场确认" may={keepsRegisters}>
      {() => <Sites />}
    </ForStaff>
  )
}

function Sites() {
  const now = useNow(60)
  const visits = useQuery('visit.sites', () => get<SiteVisits>('/confirmations/sites'))
  const [left, setLeft] = useState<readonly string[]>([])
  const [done, setDone] = useState<SiteConfirmed | null>(null)
  const say = useAction(async (id, visitIds: string[], answer: 'yes' | 'no') => {
    setDone(await post<SiteConfirmed>('/confirmations/sites', { id, visitIds, answer }))
    setLeft([])
    await visits.again()
  })
  return (
    <Page title="现场确认" back={HOME}>
      {done !== null && (
        <Mark
          icon={done.refused.length === 0 ? 'check-circle' : 'alert'}
          tone={done.refused.length === 0 ? 'ok' : 'warn'}
          title={`记下了 ${done.confirmed} 条`}
          note={done.refused[0]?.sentence}
        />
      )}
      <FailureLine failure={say.failure} />
      <Loaded query={visits} failed="没能打开现场确认">
        {({ waiting, recent }) => (
          <>
            {waiting.length === 0 ? (
              <EmptyState title="现在没有等确认的" note="志愿者在互助点或活动上扫码帮完，会出现在这里">
                <Button kind="line" className="btn-wide" onTap={() => goFresh(HOME)}>
                  回今天要办的事
                </Button>
              </EmptyState>
            ) : (
              bySite(waiting).map(([key, there]) => {
                const chosen = there.filter(({ id }) => !left.includes(id)).map(({ id }) => id)
                const others = there.filter(({ id }) => left.includes(id)).map(({ id }) => id)
                return (
                  <Section key={key} title={there[0]?.siteName ?? ''} note={`${there.length} 人等确认`}>
                    <View className="stack">
                      <Card>
                        {there.map((one) => (
                          <CheckRow
                            key={one.id}
                            words={`${one.memberName}　${whenOf(one, now)}，${one.serviceName}`}
                            checked={!left.includes(one.id)}
                            onTap={() =>
                              setLeft(left.includes(one.id) ? left.filter((id) => id !== one.id) : [...left, one.id])
                            }
                          />
                        ))}
                      </Card>
                      <BigButton
                        icon="check"
                        busy={say.busy}
                        whyNot={chosen.length === 0 ? '请至少留一位' : null}
                        onTap={() => say.run(chosen, 'yes')}
                      >
                        {`这 ${chosen.length} 位来过了`}
                      </BigButton>
                      {others.length > 0 && (
                        <Button kind="line" className="btn-wide" onTap={() => say.run(others, 'no')}>
                          {`没打勾的 ${others.length} 位没来过`}
                        </Button>
                      )}
                    </View>
                  </Section>
                )
              })
            )}
            {recent.length > 0 && (
              <Section title="确认过的">
                <List>
                  {recent.map((one) => (
                    <ListRow
                      key={one.id}
                      title={`${one.memberName}　${one.siteName ?? ''}`}
                      note={`${whenOf(one, now)}，${visitStateWords(one)}`}
                    />
                  ))}
                </List>
              </Section>
            )}
          </>
        )}
      </Loaded>
    </Page>
  )
}

function whenOf({ checkInAt, checkOutAt, servedSeconds }: VisitView, now: Date): string {
  const from = new Date(checkInAt)
  return `${spanText(from, new Date(checkOutAt ?? checkInAt), now)}，${lengthWords(servedSeconds ?? 0)}`
}

function bySite(visits: readonly VisitView[]): [string, VisitView[]][] {
  const groups = new Map<string, VisitView[]>()
  for (const visit of visits) {
    // two villages may call theirs the same
    const key = `${visit.regionId} ${visit.siteName}`
    groups.set(key, [...(groups.get(key) ?? []), visit])
  }
  return [...groups]
}
