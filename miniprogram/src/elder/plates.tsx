import { View } from '@tarojs/components'
import { useState } from 'react'
import { dayOf } from '../../../shared/core/time'
import type { ElderDetail, PlateView } from '../../../shared/elder/view'
import { Button } from '../components/button'
import { Card, List, ListRow, Section } from '../components/card'
import { Sheet } from '../components/sheet'
import { FailureLine } from '../components/states'
import { Heading } from '../components/words'
import { post } from '../core/call'
import { useAction } from '../core/use-action'
import { useNow } from '../core/use-now'
import { dateWords } from '../core/words'

const KINDS = { door: '门牌', card: '随身码', point: '兑换点牌子', bed: '床位牌', site: '站点牌' } as const

interface PlatesProps {
  elder: ElderDetail
  mayChange: boolean
  again: () => Promise<void>
}

/** Plates and cards in force; a lost or torn one is replaced, and the old one is dead at once. */
export function Plates({ elder, mayChange, again }: PlatesProps) {
  const inForce = elder.plates.filter((plate) => plate.revokedAt === null)
  const missing = (['door', 'card'] as const).filter((kind) => !inForce.some((plate) => plate.kind === kind))
  return (
    <Section title="门牌和随身码">
      <View className="stack">
        {inForce.length > 0 && (
          <List>
            {inForce.map((plate) => (
              <PlateRow key={plate.id} plate={plate} mayChange={mayChange} again={again} />
            ))}
          </List>
        )}
        {inForce.length === 0 && !mayChange && <View className="t2">还没有门牌</View>}
        {mayChange && missing.map((kind) => <Issue key={kind} elderId={elder.id} kind={kind} again={again} />)}
      </View>
    </Section>
  )
}

function PlateRow({ plate, mayChange, again }: { plate: PlateView; mayChange: boolean; again: () => Promise<void> }) {
  const today = dayOf(useNow(60))
  const [asking, setAsking] = useState(false)
  const replace = useAction(
    async (id) => {
      await post<PlateView>(`/plates/${plate.id}/replacement`, { batchId: id })
      setAsking(false)
      await again()
    },
    { keptAs: `replace.${plate.id}` },
  )
  return (
    <>
      <ListRow
        title={plate.serial}
        note={`${KINDS[plate.kind]}，${dateWords(dayOf(new Date(plate.issuedAt)), today)}发的`}
        action={
          mayChange ? (
            <Button kind="quiet" label={`换牌 ${plate.serial}`} onTap={() => setAsking(true)}>
              换牌
            </Button>
          ) : undefined
        }
      />
      {asking && (
        <Sheet title={`换${KINDS[plate.kind]}`} onClose={() => setAsking(false)}>
          <View>旧的 {plate.serial} 马上不能用了，新的在电脑上打印。</View>
          <FailureLine failure={replace.failure} />
          <Button kind="fill" className="btn-wide" busy={replace.busy} onTap={() => replace.run()}>
            {replace.busy ? '请稍等…' : '换一块新的'}
          </Button>
        </Sheet>
      )}
    </>
  )
}

interface IssueProps {
  elderId: string
  kind: 'door' | 'card'
  again: () => Promise<void>
}

function Issue({ elderId, kind, again }: IssueProps) {
  const issue = useAction(
    async (id) => {
      await post<PlateView[]>('/plates', { batchId: id, plates: [{ elderId, kind }] })
      await again()
    },
    { keptAs: `issue.${kind}.${elderId}` },
  )
  return (
    <Card className="row between">
      <View className="grow">
        <Heading level={3}>还没有{KINDS[kind]}</Heading>
        <View className="t2">发了以后在电脑上打印</View>
        <FailureLine failure={issue.failure} />
      </View>
      <Button busy={issue.busy} onTap={() => issue.run()}>
        {issue.busy ? '请稍等…' : `发${KINDS[kind]}`}
      </Button>
    </Card>
  )
}
