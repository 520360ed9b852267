import { Button } from 'antd'
import { useRef, useState } from 'react'
import type { ElderDetail, PlateView } from '../../../shared/elder/view'
import { Section } from '../components/page'
import { Refused } from '../components/states'
import { post } from '../core/call'
import { newId } from '../core/new-id'
import { useAction, useTell } from '../core/use-action'
import { PLATE_KIND_WORDS, wordOf } from '../core/words'
import { PlateActions, PlateState } from './plate-actions'
import { printSheet } from './sheet'

/** The codes of one elder: the plate at the door and the card in the pocket. */
export function ElderPlates({
  elder,
  mayChange,
  onChanged,
}: {
  elder: ElderDetail
  mayChange: boolean
  onChanged: () => void
}) {
  const tell = useTell()
  const batch = useRef(newId())
  const [made, setMade] = useState<readonly PlateView[]>([])
  const issue = useAction(
    (kind: 'door' | 'card') =>
      post<PlateView[]>('/plates', { batchId: batch.current, plates: [{ elderId: elder.id, kind }] }),
    (plates) => {
      batch.current = newId()
      setMade(plates)
      tell('制好了，请打印')
      onChanged()
    },
  )
  // One that was replaced or revoked meanwhile must not be printed.
  const unprinted = made.filter(({ id }) => elder.plates.some((plate) => plate.id === id && plate.revokedAt === null))
  const print = useAction(
    () => printSheet(unprinted.map(({ id }) => id)),
    () => setMade([]),
  )
  const holds = (kind: string) => elder.plates.some((plate) => plate.kind === kind && plate.revokedAt === null)

  return (
    <Section
      title="门牌与卡"
      actions={
        mayChange && (
          <>
            {!holds('door') && (
              <Button loading={issue.busy} onClick={() => issue.run('door')}>
                制门牌
              </Button>
            )}
            {!holds('card') && (
              <Button loading={issue.busy} onClick={() => issue.run('card')}>
                制随身卡
              </Button>
            )}
          </>
        )
      }
    >
      <Refused failure={issue.failure ?? print.failure} />
      {unprinted.length > 0 && (
        <p className="note ok row" style={{ marginBottom: 10 }}>
          新制的 {unprinted.map(({ serial }) => serial).join('、')} 还没有打印。
          <Button size="small" loading={print.busy} onClick={() => print.run()}>
            打印 A4
          </Button>
        </p>
      )}
      {elder.plates.length === 0 && <p className="t3">还没有门牌。制好后打印出来，贴在老人门上。</p>}
      <ul className="stack" style={{ gap: 8 }}>
        {elder.plates.map((plate) => (
          <li key={plate.id} className="row num">
            <span className="strong">{wordOf(PLATE_KIND_WORDS, plate.kind)}</span>
            <span>{plate.serial}</span>
            <PlateState plate={plate} />
            <span className="grow" />
            {mayChange && <PlateActions plate={plate} onChanged={onChanged} />}
          </li>
        ))}
      </ul>
    </Section>
  )
}
