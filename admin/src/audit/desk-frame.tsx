import { Drawer } from 'antd'
import type { ReactNode } from 'react'
import type { VisitDetail } from '../../../shared/visit/view'
import { Unread } from '../components/states'
import { useOne } from '../core/use-list'
import { useMedia } from '../core/use-media'
import { VisitPanel } from '../visit/visit-panel'

interface DeskFrameProps {
  /** What speaks for and against the one that is looked at, or nothing. */
  evidence: ReactNode
  onClose: () => void
  children: ReactNode
}

/** Whether a queue and its evidence have room beside each other. */
export const useRoomy = (): boolean => useMedia('(min-width: 1200px)')

/** A queue and its evidence beside it; where there is no room it lies over the queue. */
export function DeskFrame({ evidence, onClose, children }: DeskFrameProps) {
  const roomy = useRoomy()
  const isShown = Boolean(evidence)
  return (
    <div className={`desk${roomy && isShown ? '' : ' single'}`}>
      <div className="queue">{children}</div>
      {roomy && isShown && (
        <aside className="panel no-print" aria-label="证据">
          {evidence}
        </aside>
      )}
      {!roomy && (
        <Drawer
          open={isShown}
          onClose={onClose}
          size={420}
          title="证据"
          styles={{ body: { padding: 0, display: 'flex', flexDirection: 'column' } }}
        >
          {evidence}
        </Drawer>
      )}
    </div>
  )
}

/** A visit with all that was recorded of it, below what was said about it. */
export function VisitEvidence({ visitId, children }: { visitId: string; children?: ReactNode }) {
  const visit = useOne<VisitDetail>(`/visits/${visitId}`)
  return (
    <div className="panel-paper">
      {children}
      {visit.data ? <VisitPanel visit={visit.data} /> : <Unread of={visit} />}
    </div>
  )
}
