import { View } from '@tarojs/components'
import { useState } from 'react'
import type { CertificateView } from '../../../shared/certificate/view'
import { addDays, dayOf } from '../../../shared/core/time'
import { BigButton, Button } from '../components/button'
import { List, ListRow, Section } from '../components/card'
import { Choices } from '../components/field'
import { Page } from '../components/page'
import { Sheet } from '../components/sheet'
import { EmptyState, FailureLine, Loaded } from '../components/states'
import { get, post } from '../core/call'
import { now } from '../core/clock'
import { go } from '../core/go'
import { keepsFiles, openFile } from '../core/open-file'
import { useAction } from '../core/use-action'
import { useQuery } from '../core/use-query'
import { CERTIFICATE_WORDS, contentOf } from './words'

type Kind = CertificateView['kind']
type Span = 'quarter' | 'year' | 'lastYear'

const spanOf = (span: Span): { from: string; to: string } => {
  const today = dayOf(now())
  const year = Number(today.slice(0, 4))
  if (span === 'quarter') return { from: addDays(today, -90), to: today }
  if (span === 'year') return { from: `${year}-01-01`, to: today }
  return { from: `${year - 1}-01-01`, to: `${year - 1}-12-31` }
}

/** 证明与对账单: what I gave and what I got, to hand to whom I like; nobody has to take our word for it. */
export default function MyCertificatesPage() {
  const mine = useQuery('certificates.mine', () => get<{ items: CertificateView[] }>('/certificates'))
  const [kind, setKind] = useState<Kind>('service')
  const [span, setSpan] = useState<Span>('year')
  const [chosen, setChosen] = useState<CertificateView | null>(null)
  const issue = useAction(
    async (id, wanted: Kind, days: { from: string; to: string }) => {
      setChosen(await post<CertificateView>('/certificates', { id, kind: wanted, ...days }))
      mine.again()
    },
    { keptAs: `certificate.${kind}.${span}` },
  )
  return (
    <Page title="证明与对账单" back="/ledger/points">
      <View className="stack">
        <Choices
          label="开什么"
          layout="even"
          options={[
            { value: 'service', words: '服务证明' },
            { value: 'statement', words: '积分对账单' },
          ]}
          value={kind}
          onChange={(value) => setKind(value === 'statement' ? 'statement' : 'service')}
        />
        <Choices
          label="哪一段时间"
          layout="even"
          options={[
            { value: 'quarter', words: '近三个月' },
            { value: 'year', words: '今年' },
            { value: 'lastYear', words: '去年' },
          ]}
          value={span}
          onChange={(value) => setSpan(value === 'quarter' || value === 'lastYear' ? value : 'year')}
        />
        <BigButton busy={issue.busy} onTap={() => issue.run(kind, spanOf(span))}>
          开一份
        </BigButton>
        <FailureLine failure={issue.failure} />
      </View>
      <Section title="开过的">
        <Loaded query={mine} failed="没能打开开过的证明">
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title="还没有开过" note="不收费，随时可以开" />
            ) : (
              <List>
                {items.map((one) => (
                  <ListRow
                    key={one.no}
                    title={CERTIFICATE_WORDS[one.kind]}
                    note={
                      <>
                        <View>{`${one.fromDay} 至 ${one.toDay}`}</View>
                        <View>{one.revokedAt === null ? contentOf(one) : '已撤销'}</View>
                      </>
                    }
                    onTap={() => setChosen(one)}
                  />
                ))}
              </List>
            )
          }
        </Loaded>
      </Section>
      {chosen !== null && <Chosen one={chosen} onClose={() => setChosen(null)} />}
    </Page>
  )
}

function Chosen({ one, onClose }: { one: CertificateView; onClose: () => void }) {
  const open = useAction((_id, what: 'pdf' | 'proof') =>
    openFile(
      `/certificates/${one.no}/${what}`,
      what === 'pdf' ? `${CERTIFICATE_WORDS[one.kind]}.pdf` : `${one.no}.tlog-proof`,
    ),
  )
  return (
    <Sheet title={CERTIFICATE_WORDS[one.kind]} onClose={onClose}>
      <View className="t2">{`${one.fromDay} 至 ${one.toDay}，${contentOf(one)}`}</View>
      <View className="stack">
        <BigButton busy={open.busy} onTap={() => open.run('pdf')}>
          打开证明
        </BigButton>
        {keepsFiles && (
          <Button kind="line" className="btn-wide" busy={open.busy} onTap={() => open.run('proof')}>
            下载凭据文件
          </Button>
        )}
        <Button kind="text" onTap={() => go('/certificate/show', { no: one.no })}>
          看别人扫码会看到什么
        </Button>
        <FailureLine failure={open.failure} />
      </View>
    </Sheet>
  )
}
