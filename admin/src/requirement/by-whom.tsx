import { Segmented } from 'antd'
import { useUrlState } from '../core/use-url-state'

/** Whether a list goes by helper, and the switch between that and what it goes by otherwise; the address keeps it. */
export function ByWhom({ otherwise }: { otherwise: '按老人' | '按村' }) {
  const [state, set] = useUrlState()
  return (
    <Segmented
      className="no-print"
      style={{ alignSelf: 'flex-start' }}
      aria-label="怎么分"
      value={state.by === 'helper' ? 'helper' : ''}
      options={[
        { value: '', label: otherwise },
        { value: 'helper', label: '按志愿者' },
      ]}
      onChange={(value) => set({ by: value === 'helper' ? value : null })}
    />
  )
}
